"use strict";
// The search over all pages. `lectureIndex` (search-index.js) holds what each section says.
//
// A section scores for each word that is asked for: much where the word stands in its title, less in
// that of its notebook, little in text and code, and the more the fewer sections have the word.

const lectureSearch = (() => {
  const WEIGHTS = { title: 12, lesson: 4, text: 1, code: 0.5 };
  const LIMIT = 12;

  // EarlyStopping is found as two words and as one; a plural is found as its singular.
  const split = (text) => `${text} ${text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")}`.toLowerCase()
    .split(/[^\p{L}\p{N}]+/u).filter(Boolean)
    .map((word) => (/[^s]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word));

  const index = lectureIndex.map((section) => {
    const counts = new Map();  // how much each word weighs in this section
    for (const [field, weight] of Object.entries(WEIGHTS)) {
      const words = split(section[field]), once = new Map();
      for (const word of words) once.set(word, (once.get(word) ?? 0) + 1);
      // long texts use a word more often, and a title of one word says more than one of ten
      const norm = field === "title" ? Math.sqrt(new Set(words).size) : 1;
      for (const [word, n] of once) {
        counts.set(word, (counts.get(word) ?? 0) + (weight * (1 + Math.log(n))) / norm);
      }
    }
    return { section, counts, title: section.title.toLowerCase(), text: section.text.toLowerCase() };
  });
  const rarity = new Map();
  for (const { counts } of index) {
    for (const word of counts.keys()) rarity.set(word, (rarity.get(word) ?? 0) + 1);
  }

  // Return the best sections for what is asked, as `{ section, score }`; all words must be there.
  function search(asked) {
    const words = [...new Set(split(asked.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")))];
    if (!words.length) return [];
    const phrase = asked.trim().toLowerCase();
    const found = [];
    for (const { section, counts, title, text } of index) {
      let score = 0;
      for (const [place, word] of words.entries()) {
        let best = (counts.get(word) ?? 0) * Math.log(1 + index.length / (rarity.get(word) ?? 1));
        if (!best && place === words.length - 1) {  // the last word may still be being typed
          for (const [other, count] of counts) {
            if (other.startsWith(word)) best = Math.max(best, 0.6 * count);
          }
        }
        if (!best) { score = 0; break; }
        score += best;
      }
      if (!score) continue;
      if (section.lesson === "Glossary") score *= 0.15;  // a section that explains it says more
      if (title.replace(/^\d+ · /, "") === phrase) score *= 3;
      else if (title.includes(phrase)) score *= 1.5;
      else if (words.length > 1 && text.includes(phrase)) score *= 1.3;
      found.push({ section, score });
    }
    return found.sort((a, b) => b.score - a.score).slice(0, LIMIT);
  }

  // Return a piece of the text around the first word that is asked for.
  function excerpt(text, asked) {
    const lower = text.toLowerCase(), words = [asked.trim().toLowerCase(), ...split(asked)];
    const at = words.map((word) => lower.indexOf(word)).find((place) => place >= 0) ?? 0;
    const from = at > 60 ? text.indexOf(" ", at - 50) + 1 : 0;
    const to = text.length > from + 150 ? text.lastIndexOf(" ", from + 150) : text.length;
    return `${from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
  }

  function start(root) {
    const input = document.getElementById("search-words");
    const list = document.getElementById("search-found"), said = document.getElementById("search-said");
    const show = () => {
      const found = search(input.value);
      list.replaceChildren(...found.map(({ section }) => {
        const item = document.createElement("li"), link = document.createElement("a");
        link.href = `${root}${section.page}${section.anchor && `#${section.anchor}`}`;
        for (const [tag, text] of [["b", section.title], ["span", section.lesson],
          ["small", excerpt(section.text, input.value)]]) {
          if (!text) continue;
          const part = document.createElement(tag);
          part.textContent = text;
          link.append(part, " ");
        }
        item.append(link);
        return item;
      }));
      said.textContent = !input.value.trim() ? ""
        : found.length === LIMIT ? `The best ${LIMIT} places`
        : found.length === 1 ? "1 place" : `${found.length || "No"} places`;
    };
    input.oninput = show;
    // Enter goes to the first place, an arrow down into the list.
    input.onkeydown = (event) => {
      const first = list.querySelector("a");
      if (!first || !["Enter", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      if (event.key === "Enter") first.click(); else first.focus();
    };
    list.onkeydown = (event) => {
      const item = document.activeElement.closest("li");
      const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (!item || !step) return;
      event.preventDefault();
      (item[step]?.querySelector("a") ?? input).focus();
    };
    show();
  }

  return { start, search };
})();
