// Requests to the sandbox, and what it says went wrong.

import { state } from "./state.js";

/** Tells something; beneath an open modal nobody would read it, so it is told inside. */
export function toast(text, isFine) {
  const inside = document.querySelector("#modal[open] .told");
  if (inside) { inside.textContent = text; return; }
  const note = document.createElement("p");
  note.textContent = text;
  note.classList.toggle("fine", isFine === true);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 8000);
}

export async function post(deed, said = {}) {
  let outcome;
  try {
    const answer = await fetch(`/sandbox/${deed}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: state.who, ...said }),
    });
    outcome = await answer.json().catch(() => ({ error: `HTTP ${answer.status}` }));
    if (answer.status >= 400) toast(outcome.error);
  } catch {
    outcome = { error: "The sandbox does not answer." };
    toast(outcome.error);
  }
  return outcome;
}

// What is filled in arrives before the modal is submitted.
let entered = Promise.resolve();
export function inOrder(deed, said) {
  entered = entered.catch(() => {}).then(() => post(deed, said));
  return entered;
}

/** Resolves when all that was filled in has arrived. */
export const settled = () => entered.catch(() => {});

export async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}
