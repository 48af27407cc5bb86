"use strict";
// Light or dark, before anything is drawn: as the reader chose here, else as the system wishes.

const theme = {
  // A page that was opened from a file may be refused a memory: then the choice lasts for the page.
  remember(value) { try { localStorage.setItem("lecture-theme", value); } catch { /* refused */ } },
  recall() { try { return localStorage.getItem("lecture-theme"); } catch { return null; } },
  system: matchMedia("(prefers-color-scheme: dark)"),
  set(value) { document.documentElement.dataset.theme = value; },
  get dark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : theme.system.matches;
  },
};

if (theme.recall()) theme.set(theme.recall());
