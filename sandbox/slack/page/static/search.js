// Menus with an external source, and of people: search as one types, choose from the list.

import { post } from "./api.js";
import { choose } from "./elements.js";
import { pointed } from "./place.js";

let asked = 0;
document.addEventListener("input", search);
document.addEventListener("focusin", search);
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".external ul")) event.preventDefault(); // the input keeps the focus
});
document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.(".external");
  if (box) setTimeout(() => open(box, false), 200);
});
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.(".external");
  if (!box || event.target.tagName !== "INPUT") return;
  const lines = [...box.querySelectorAll("li[data-chosen]")];
  const at = lines.findIndex((line) => line.ariaSelected === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const to = Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), lines.length - 1);
    lines.forEach((line, n) => { line.ariaSelected = String(n === to); });
    if (lines[to]) {
      event.target.setAttribute("aria-activedescendant", lines[to].id);
      lines[to].scrollIntoView({ block: "nearest" });
    }
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (lines[at]) pick(lines[at]);
  } else if (event.key === "Escape" && !box.querySelector("ul").hidden) {
    event.preventDefault();
    event.stopPropagation();
    open(box, false);
  }
});

function open(box, shown) {
  box.querySelector("ul").hidden = !shown;
  const input = box.querySelector("input");
  input.ariaExpanded = String(shown);
  if (!shown) input.removeAttribute("aria-activedescendant");
}

/** Shows a line that cannot be chosen. */
function say(list, words) {
  const line = Object.assign(document.createElement("li"), { role: "option", textContent: words, ariaDisabled: "true" });
  list.replaceChildren(line);
}

async function search(event) {
  const box = event.target.closest?.(".external");
  if (!box || event.target.tagName !== "INPUT") return;
  const query = event.target.value;
  const list = box.querySelector("ul");
  const turn = (asked += 1);
  if (query.length < Number(box.dataset.least)) { open(box, false); return; }
  if (!box.dataset.things) {
    say(list, "Searching …");
    open(box, true);
  }
  const result = box.dataset.things
    ? local(box, query)
    : (await post("suggest", { element: pointed(box), query })).result;
  if (turn !== asked) return;
  list.replaceChildren(...(result || []).map((found, n) => {
    const line = document.createElement("li");
    line.id = `${box.id}-${n}`;
    line.role = "option";
    line.textContent = found.text.text;
    line.dataset.chosen = JSON.stringify(found);
    return line;
  }));
  if (!list.children.length) say(list, "No results");
  open(box, true);
}

/** Returns the people or channels that fit and are not chosen yet. */
function local(box, query) {
  const held = new Set(JSON.parse(box.dataset.held).map(({ value }) => value));
  const wanted = query.toLowerCase();
  return JSON.parse(box.dataset.things).filter(({ value, text }) =>
    !held.has(value) && text.text.toLowerCase().includes(wanted));
}

export function showChips(box) {
  const held = JSON.parse(box.dataset.held);
  box.querySelector(".chips").replaceChildren(...held.map((found, index) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.dataset.index = index;
    chip.ariaLabel = `Remove ${found.text.text}`;
    chip.textContent = `${found.text.text} ×`;
    return chip;
  }));
}

function hold(box, held) {
  box.dataset.held = JSON.stringify(held);
  showChips(box);
  const chosen = box.dataset.things ? held.map(({ value }) => value) : held;
  choose(box, box.dataset.many === "true" ? chosen : chosen[0] || null);
}

export function pick(node) {
  const box = node.closest(".external");
  const found = JSON.parse(node.dataset.chosen);
  open(box, false);
  box.querySelector("input").value = "";
  hold(box, box.dataset.many === "true" ? [...JSON.parse(box.dataset.held), found] : [found]);
}

export function drop(node) {
  const box = node.closest(".external");
  const held = JSON.parse(box.dataset.held);
  held.splice(Number(node.dataset.index), 1);
  hold(box, held);
}
