"use strict";
// What a page does: dark mode, folding, where one is, words of the glossary, the search.

const find = (id) => document.getElementById(id);

// ----------------------------------------------------------------------------------- light or dark
{
  const button = find("theme-button");
  const tell = () => {
    button.setAttribute("aria-pressed", theme.dark);
    // A live figure asks the page around it when it starts, as it asks JupyterLab; later it is told.
    document.body.dataset.jpThemeLight = !theme.dark;
    for (const frame of document.querySelectorAll("iframe")) {
      frame.contentDocument?.documentElement?.classList.toggle("dark", theme.dark);
    }
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    theme.set(theme.dark ? "light" : "dark");
    theme.remember(document.documentElement.dataset.theme);
    tell();
  });
  theme.system.addEventListener("change", tell);
  tell();
}

// ----------------------------------------------------------------------------------------- folding
{
  const folds = [...document.querySelectorAll("details.fold")], button = find("fold-button");
  if (button) {
    const tell = () => {
      const folded = folds.every((fold) => !fold.open);
      button.setAttribute("aria-pressed", folded);
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = folds.every((fold) => !fold.open);
      for (const fold of folds) fold.open = open;
    });
    for (const fold of folds) fold.addEventListener("toggle", tell);
  }
  // A link into something that is folded unfolds it; what is printed is unfolded.
  const reveal = () => {
    const target = location.hash && find(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const around = target.closest("details") ?? target.parentElement.querySelector("details.fold");
    if (around && !around.open) {
      around.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
  let before = [];
  addEventListener("beforeprint", () => {
    before = folds.filter((fold) => !fold.open);
    for (const fold of before) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of before) fold.open = false; });
}

// ------------------------------------------------------------------------------- the page's contents
{
  const contents = document.querySelector(".contents details");
  if (contents) {
    const wide = matchMedia("(min-width: 68rem)");  // as in site.css: beside the text or above it
    const place = () => { contents.open = wide.matches; };
    wide.addEventListener("change", place);
    place();
    const links = new Map(
      [...contents.querySelectorAll("a")].map((link) => [find(link.hash.slice(1)), link]));
    const seen = new IntersectionObserver(() => {
      const above = [...links.keys()].filter((h) => h.getBoundingClientRect().top < innerHeight / 3);
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(above.at(-1))?.setAttribute("aria-current", "location");
    }, { rootMargin: "0px 0px -66% 0px" });
    for (const heading of links.keys()) seen.observe(heading);
  }
}

// ------------------------------------------------------------------ formulas and tables that are wide
{
  // Also when something is unfolded, and when the font has come: both change the height of the text.
  new ResizeObserver(() => {
    for (const math of document.querySelectorAll(".formula math")) {
      math.style.fontSize = "";
      const room = math.parentElement.clientWidth, { width } = math.getBoundingClientRect();
      if (width > room) math.style.fontSize = `${Math.floor((99 * room) / width)}%`;
    }
    // What scrolls sideways can be reached by keyboard.
    for (const pre of document.querySelectorAll("pre:not(.code)")) {
      if (pre.scrollWidth > pre.clientWidth) pre.tabIndex = 0;
      else pre.removeAttribute("tabindex");
    }
  }).observe(find("main"));
}

// ------------------------------------------------------------------- figures on a telephone, see site.css
for (const image of document.querySelectorAll("figure > img")) {
  image.addEventListener("click", () => image.parentElement.classList.toggle("large"));
}

// ---------------------------------------------------------------------------- words of the glossary
{
  const tip = find("tip");
  let shown = null, timer;
  const hide = () => {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  };
  const show = (word) => {
    clearTimeout(timer);
    hide();
    shown = word;
    tip.textContent = word.dataset.says;
    tip.hidden = false;
    word.setAttribute("aria-describedby", "tip");
    const box = word.getClientRects()[0], margin = 8;
    const left = Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - margin);
    const above = box.bottom + tip.offsetHeight + margin > innerHeight;
    tip.style.left = `${Math.max(margin, left) + scrollX}px`;
    tip.style.top = `${(above ? box.top - tip.offsetHeight - 4 : box.bottom + 4) + scrollY}px`;
  };
  for (const word of document.querySelectorAll("a.term")) {
    word.addEventListener("mouseenter", () => show(word));
    word.addEventListener("focus", () => show(word));
    word.addEventListener("mouseleave", () => { timer = setTimeout(hide, 200); });
    word.addEventListener("blur", hide);
  }
  tip.addEventListener("mouseenter", () => clearTimeout(timer));  // one may read it with the mouse on it
  tip.addEventListener("mouseleave", hide);
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
}

// -------------------------------------------------------------------------------------- the search
{
  const button = find("search-button"), dialog = find("search"), { root } = document.body.dataset;
  let loading;
  // The index is large: it comes when somebody searches, as scripts, since files may load nothing else.
  const load = () => loading ??= ["search-index.js", "search.js"].reduce(
    (before, name) => before.then(() => new Promise((done) => {
      const script = document.createElement("script");
      script.src = `${root}assets/${name}`;
      script.addEventListener("load", done);
      document.head.append(script);
    })), Promise.resolve());
  const open = () => {
    if (!dialog.open) dialog.showModal();
    find("search-words").select();
    load().then(() => lectureSearch.start(root));
  };
  button.hidden = false;
  button.addEventListener("click", open);
  addEventListener("keydown", (event) => {
    // For a moment after it was closed the dialog's input still has the focus, unseen.
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]")
      ?.checkVisibility();
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  // A click beside the dialog closes it, and so does a result on this very page.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("a")) dialog.close();
  });
}
