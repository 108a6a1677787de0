// Buttons, menus, pickers and inputs of Block Kit.

import { inOrder, post, settled } from "./api.js";
import { pointed } from "./place.js";
import { drop, pick } from "./search.js";

/** Asks what a confirm dialog asks; true where there is none. */
export function confirmed(node) {
  const asked = node.closest("[data-confirm]");
  if (!asked) return Promise.resolve(true);
  const { title, html, confirm, deny, style } = JSON.parse(asked.dataset.confirm);
  const box = document.getElementById("confirm");
  box.onclose?.(); // of the box before, whose event may still be on its way
  const make = (tag, words) => Object.assign(document.createElement(tag), { textContent: words });
  const answer = (text, result) =>
    Object.assign(make("button", text), { type: "button", onclick: () => box.close(result) });
  const footer = document.createElement("footer");
  footer.append(answer(deny.text, "no"), answer(confirm.text, "yes"));
  footer.lastChild.className = style || "primary";
  // The text was made HTML by the server, as that of every message.
  const text = Object.assign(document.createElement("div"), { id: "confirm-text", innerHTML: html });
  box.replaceChildren(Object.assign(make("h2", title.text), { id: "confirm-title" }), text, footer);
  box.returnValue = "";
  box.showModal();
  return new Promise((resolve) => {
    box.onclose = () => {
      if (box.open) return;
      box.onclose = null;
      (node.closest("details")?.querySelector("summary") || node).focus();
      resolve(box.returnValue === "yes");
    };
  });
}

/** Sends one use of an element, which is busy until the app has acknowledged it. */
async function use(node, send) {
  unheard(node, "");
  node.ariaBusy = "true";
  const { error } = await send();
  node.ariaBusy = null;
  if (error) unheard(node, error);
}

/** Shows Slack's sign beside what the app has not acknowledged. */
function unheard(node, error) {
  const app = document.body.dataset.app;
  const said = error === "operation_timeout" ? `${app} did not answer within 3 seconds` : `${app} did not take this (${error})`;
  for (const name of ["data-unheard", "aria-description"]) {
    if (error) node.setAttribute(name, said);
    else node.removeAttribute(name);
  }
  if (error) document.getElementById("heard").textContent = said;
}

export async function choose(node, value) {
  const element = pointed(node);
  if (!(await confirmed(node))) undo(node);
  else await use(node, () => inOrder("choose", { element, value }));
}

/** Shows again what was chosen before somebody thought better of it. */
function undo(node) {
  const inputs = node.closest("[data-ticks]")?.querySelectorAll("input") || [node];
  for (const input of inputs) {
    if (input.defaultChecked !== undefined) input.checked = input.defaultChecked;
    for (const option of input.options || []) option.selected = option.defaultSelected;
    if (input.matches("[data-picked]")) input.value = input.defaultValue;
  }
}

async function press(node) {
  if (node.ariaBusy === "true" || !(await confirmed(node))) return;
  if (node.dataset.url) window.open(node.dataset.url, "_blank", "noopener");
  const said = { element: pointed(node), value: node.dataset.value };
  await use(node, () => settled().then(() => post("press", said)));
}

function turn(button) {
  const pages = [...button.closest(".block").querySelectorAll("tbody")];
  const at = pages.findIndex((page) => !page.hidden);
  const to = Math.min(Math.max(at + Number(button.dataset.page), 0), pages.length - 1);
  pages.forEach((page, n) => { page.hidden = n !== to; });
  button.closest(".pages").querySelector("span").textContent = to + 1;
}

async function option(node) {
  const menu = node.closest("details");
  menu.open = false;
  menu.querySelector("summary").focus();
  if (node.dataset.url) window.open(node.dataset.url, "_blank", "noopener");
  await choose(menu, node.dataset.option);
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
  ".external li[data-chosen]": pick,
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

/** Says how many characters are left where the end is near, as Slack does. */
export function count(node) {
  const left = Number(node.dataset.most) - [...node.value].length;
  const note = node.nextElementSibling;
  note.textContent = left > Math.max(20, node.dataset.most / 10) ? "" : String(left).replace("-", "−");
  note.ariaLabel = left < 0 ? `${-left} characters too many` : `${left} characters left`;
  note.classList.toggle("over", left < 0);
}

document.addEventListener("input", ({ target: node }) => {
  if (node.dataset.most) count(node);
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
