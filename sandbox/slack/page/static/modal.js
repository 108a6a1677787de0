// The modal on top, and its submission.

import { inOrder, post } from "./api.js";
import { forget, isUnsent, morph } from "./draw.js";
import { pointed } from "./elements.js";

const modal = document.getElementById("modal");
let shown = null;
let opener = null;

export function drawModal({ modal: html, modal_key: key }) {
  if (key === shown) return;
  const other = key?.split(" ")[0] !== shown?.split(" ")[0];
  shown = key;
  if (!html) {
    modal.close();
    modal.replaceChildren();
    forget(modal);
    opener?.focus();
    return;
  }
  if (other) { modal.replaceChildren(); forget(modal); }
  morph(modal, html);
  for (const said of modal.querySelectorAll("p.error")) {
    const wrong = said.parentElement.querySelector(".external input, [data-action]");
    wrong?.setAttribute("aria-invalid", "true");
    wrong?.setAttribute("aria-describedby", said.id);
  }
  if (!modal.open) {
    opener = document.activeElement;
    modal.showModal();
  }
  const wrong = modal.querySelector("[aria-invalid]");
  const first = modal.querySelector("[autofocus], .body :is(input, textarea, select)");
  if (wrong) wrong.focus();
  else if (other || !modal.contains(document.activeElement)) (first || modal).focus();
}

export function forgetModal() {
  shown = null;
}

modal.addEventListener("submit", async (event) => {
  event.preventDefault();
  for (const node of modal.querySelectorAll("[data-typed], [data-picked]")) {
    if (!isUnsent(node)) continue;
    node.dataset.sent = node.value;
    inOrder("choose", { element: pointed(node), value: node.value });
  }
  const button = modal.querySelector("[data-submit]");
  button?.setAttribute("aria-busy", "true");
  if (button) button.disabled = true;
  await inOrder("submit");
  if (button) button.disabled = false;
  button?.removeAttribute("aria-busy");
});
modal.addEventListener("cancel", (event) => {
  event.preventDefault();
  post("close");
});
modal.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) post("close");
});
