// Puts what the server rendered into the page, and leaves focus and typing where they are.

import { Idiomorph } from "./vendor/idiomorph.js";
import { count } from "./elements.js";
import { showChips } from "./search.js";

const drawn = new WeakMap();
const OPEN = "details[open]";
const USED = ["aria-busy", "aria-description", "data-unheard"];

/** Draws html into a node; returns whether anything is new. */
export function morph(node, html) {
  if (drawn.get(node) === html) return false;
  drawn.set(node, html);
  Idiomorph.morph(node, html, {
    morphStyle: "innerHTML",
    // What somebody types into stays as it is; a button's words change under the focus.
    ignoreActiveValue: document.activeElement?.matches("input, select, textarea"),
    callbacks: {
      // Menus and found options stay open; what was typed or ticked and is not done yet stays so.
      beforeAttributeUpdated: (name, old) => !(name === "open" && old.matches(OPEN)) && !USED.includes(name),
      beforeNodeMorphed: (old) => !old.dataset?.busy
        && !old.matches?.(".external ul")
        && !(old.matches?.("[data-typed]") && isUnsent(old)),
    },
  });
  node.querySelectorAll(".external").forEach(showChips);
  node.querySelectorAll("[data-most]").forEach(count);
  return true;
}

export function forget(node) {
  drawn.delete(node);
}

export function isUnsent(node) {
  return (node.dataset.sent ?? node.defaultValue) !== node.value;
}

export function isLow(node) {
  return node.scrollHeight - node.scrollTop - node.clientHeight < 80;
}
