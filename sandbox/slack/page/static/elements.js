// Buttons, menus, pickers and inputs of Block Kit.

import { inOrder, post } from "./api.js";

export function pointed(node) {
  const place = JSON.parse(node.closest("[data-place]").dataset.place);
  const { block, action, type } = node.closest("[data-action]").dataset;
  return { ...place, block_id: block, action_id: action, type };
}

/** Asks what a confirm dialog asks; true where there is none. */
export function confirmed(node) {
  const asked = node.closest("[data-confirm]");
  if (!asked) return Promise.resolve(true);
  const { title, text, confirm, deny, style } = JSON.parse(asked.dataset.confirm);
  const box = document.getElementById("confirm");
  box.replaceChildren();
  const add = (tag, words, result) => {
    const made = box.appendChild(document.createElement(tag));
    made.textContent = words;
    if (result !== undefined) made.onclick = () => box.close(result);
    return made;
  };
  add("h2", title.text).id = "confirm-title";
  add("p", text.text);
  add("button", deny.text, "no");
  add("button", confirm.text, "yes").className = style || "primary";
  box.returnValue = "";
  box.showModal();
  return new Promise((answer) => {
    box.onclose = () => {
      node.focus();
      answer(box.returnValue === "yes");
    };
  });
}

export async function choose(node, value) {
  const element = pointed(node);
  if (await confirmed(node)) await inOrder("choose", { element, value });
}

async function press(node) {
  if (!(await confirmed(node))) return;
  if (node.dataset.url) window.open(node.dataset.url, "_blank", "noopener");
  node.setAttribute("aria-busy", "true");
  await post("press", { element: pointed(node) });
  node.removeAttribute("aria-busy");
}

function turn(button) {
  const pages = [...button.closest(".block").querySelectorAll("tbody")];
  const at = pages.findIndex((page) => !page.hidden);
  const to = Math.min(Math.max(at + Number(button.dataset.page), 0), pages.length - 1);
  pages.forEach((page, n) => { page.hidden = n !== to; });
  button.closest(".pages").querySelector("span").textContent = to + 1;
}

async function option(node) {
  node.closest("details").open = false;
  if (node.dataset.url) window.open(node.dataset.url, "_blank", "noopener");
  await choose(node, node.dataset.option);
}

async function shortcut(node) {
  node.closest("details").open = false;
  const article = node.closest("article");
  const place = article ? JSON.parse(article.dataset.place) : {};
  await post("shortcut", { ...place, callback_id: node.dataset.shortcut });
}

const CLICKS = {
  "[data-press]": press,
  "[data-option]": option,
  "[data-shortcut]": shortcut,
  "[data-page]": turn,
  ".external li": pick,
  ".chips button": drop,
};

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  for (const [selector, act] of Object.entries(CLICKS)) {
    const node = event.target.closest(selector);
    if (node) { act(node); return; }
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest("details.menu[open]");
  if (event.key === "Escape" && menu) {
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("change", ({ target: node }) => {
  if (node.matches("[data-choose]")) {
    const chosen = [...node.selectedOptions].map(({ value }) => value);
    choose(node, node.multiple ? chosen : chosen[0]);
  } else if (node.matches("[data-picked], [data-typed]")) {
    node.dataset.sent = node.value;
    choose(node, node.value);
  } else if (node.closest("[data-ticks]")) {
    const boxes = [...node.closest("[data-ticks]").querySelectorAll("input:checked")];
    const chosen = boxes.map(({ value }) => value);
    choose(node, node.type === "radio" ? chosen[0] : chosen);
  }
});

// Menus with an external source: search as one types, choose from the list.

let asked = 0;
document.addEventListener("input", search);
document.addEventListener("focusin", search);
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".external ul")) event.preventDefault(); // the input keeps the focus
});
document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.(".external");
  if (box) setTimeout(() => { box.querySelector("ul").hidden = true; }, 200);
});
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.(".external");
  if (!box || event.target.tagName !== "INPUT") return;
  const lines = [...box.querySelectorAll("li")];
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
    box.querySelector("ul").hidden = true;
  }
});

async function search(event) {
  const box = event.target.closest?.(".external");
  if (!box || event.target.tagName !== "INPUT") return;
  const query = event.target.value;
  const list = box.querySelector("ul");
  if (query.length < Number(box.dataset.least)) { list.hidden = true; return; }
  const turn = (asked += 1);
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
  if (!list.children.length) list.textContent = "No results";
  list.hidden = false;
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

function pick(node) {
  const box = node.closest(".external");
  const found = JSON.parse(node.dataset.chosen);
  box.querySelector("ul").hidden = true;
  box.querySelector("input").value = "";
  hold(box, box.dataset.many === "true" ? [...JSON.parse(box.dataset.held), found] : [found]);
}

function drop(node) {
  const box = node.closest(".external");
  const held = JSON.parse(box.dataset.held);
  held.splice(Number(node.dataset.index), 1);
  hold(box, held);
}
