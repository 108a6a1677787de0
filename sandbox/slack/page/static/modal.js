// The modal on top, its submission, and the way back to those below.

import { inOrder, post } from "./api.js";
import { forget, isUnsent, morph } from "./draw.js";
import { pointed } from "./place.js";

const modal = document.getElementById("modal");
const focused = new Map(); // what had the focus in each view when another came
let shown = null;
let opener = null;

const viewOf = (key) => key?.split(" ")[0];

export function drawModal({ modal: html, modal_key: key }) {
  if (key === shown) return;
  const other = viewOf(key) !== viewOf(shown);
  if (other && shown) focused.set(viewOf(shown), document.activeElement.id);
  shown = key;
  if (!html) {
    modal.close();
    modal.replaceChildren();
    forget(modal);
    focused.clear();
    opener?.focus();
    return;
  }
  if (other) { modal.replaceChildren(); forget(modal); }
  morph(modal, html);
  for (const said of modal.querySelectorAll("p.error")) {
    const wrong = said.parentElement.querySelector(".external input, [data-action]");
    wrong?.setAttribute("aria-invalid", "true");
    const hint = said.parentElement.querySelector(".hint");
    wrong?.setAttribute("aria-describedby", hint ? `${said.id} ${hint.id}` : said.id);
  }
  if (!modal.open) {
    opener = document.activeElement;
    modal.showModal();
  }
  const wrong = modal.querySelector("[aria-invalid]");
  const before = other && focused.get(viewOf(key));
  const first = modal.querySelector("[autofocus], .body :is(input, textarea, select)");
  if (wrong) wrong.focus();
  else if (before && document.getElementById(before)) document.getElementById(before).focus();
  else if (other || !modal.contains(document.activeElement)) (first || modal).focus();
}

export function forgetModal() {
  shown = null;
}

modal.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = modal.querySelector("[data-submit]");
  if (!button || button.ariaBusy === "true") return;
  for (const node of modal.querySelectorAll("[data-typed], [data-picked]")) {
    if (!isUnsent(node)) continue;
    node.dataset.sent = node.value;
    inOrder("choose", { element: pointed(node), value: node.value });
  }
  modal.querySelector(".told").textContent = "";
  button.ariaBusy = "true";
  await inOrder("submit");
  button.ariaBusy = null;
});
modal.addEventListener("cancel", (event) => {
  event.preventDefault();
  post("close");
});
modal.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) post("close");
  else if (event.target.closest("[data-dismiss]")) post("dismiss");
});
