// The box below the messages: completion, recall of what was typed, sending.

import { post } from "./api.js";
import { completions, state } from "./state.js";

const text = document.getElementById("text");
const list = document.getElementById("completions");
const reply = document.getElementById("reply");
const MOST = 8;
const history = JSON.parse(localStorage.typed || "[]");
let back = history.length;

export function focusComposer() {
  text.focus();
}

export function write(line) {
  text.value = line;
  text.focus();
  suggest();
}

/** Returns where the word under the cursor begins, and what completes it. */
function sought() {
  const before = text.value.slice(0, text.selectionStart);
  if (before.startsWith("/")) return { from: 0, word: before, among: completions.usages };
  const from = Math.max(before.lastIndexOf(" "), before.lastIndexOf("\n")) + 1;
  const word = before.slice(from);
  const among = { "@": completions.people, "#": completions.channels }[word[0]];
  return { from, word, among: among || [] };
}

function suggest() {
  const { word, among } = sought();
  const wanted = word.toLowerCase();
  const found = word
    ? among.filter(({ line, about }) => line.toLowerCase().startsWith(wanted)
      || (wanted.length > 2 && `${line} ${about}`.toLowerCase().includes(wanted.slice(1))))
    : [];
  const shown = found.slice(0, MOST).filter(({ line }) => line !== text.value);
  list.replaceChildren(...shown.map(({ line, about }, n) => {
    const row = document.createElement("li");
    row.id = `completion-${n}`;
    row.role = "option";
    row.dataset.line = line;
    row.append(Object.assign(document.createElement("b"), { textContent: line }), ` ${about}`);
    return row;
  }));
  open(shown.length > 0);
}

function open(shown) {
  list.hidden = !shown;
  text.ariaExpanded = String(shown);
  if (!shown) text.removeAttribute("aria-activedescendant");
}

function move(by) {
  const rows = [...list.children];
  const at = rows.findIndex((row) => row.ariaSelected === "true");
  const to = (at + by + rows.length) % rows.length;
  rows.forEach((row, n) => { row.ariaSelected = String(n === to); });
  text.setAttribute("aria-activedescendant", rows[to].id);
  rows[to].scrollIntoView({ block: "nearest" });
}

function take(row) {
  const { from, word } = sought();
  // What stands in brackets or is a placeholder is for the person to fill in.
  const line = row.dataset.line.replace(/ ?[[<].*$/, "");
  text.setRangeText(`${line} `, from, from + word.length, "end");
  open(false);
  text.focus();
}

function recall(by) {
  back = Math.min(Math.max(back + by, 0), history.length);
  text.value = history[back] || "";
  text.setSelectionRange(text.value.length, text.value.length);
}

async function send() {
  const said = text.value;
  if (!said.trim()) return;
  history.push(said);
  history.splice(0, history.length - 50);
  localStorage.typed = JSON.stringify(history);
  back = history.length;
  text.value = "";
  open(false);
  await post("type", { channel: state.channel, text: said });
}

text.addEventListener("input", suggest);
text.addEventListener("blur", () => setTimeout(() => open(false), 200));
text.addEventListener("keydown", (event) => {
  const chosen = list.querySelector('[aria-selected="true"]');
  const recalls = list.hidden && (!text.value || back < history.length);
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (!list.hidden && chosen) take(chosen);
    else send();
  } else if (event.key === "Tab" && !list.hidden && !event.shiftKey) {
    event.preventDefault();
    take(chosen || list.firstElementChild);
  } else if (event.key === "Escape" && !list.hidden) open(false);
  else if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); move(1); }
  else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); move(-1); }
  else if (event.key === "ArrowUp" && recalls) { event.preventDefault(); recall(-1); }
  else if (event.key === "ArrowDown" && recalls) { event.preventDefault(); recall(1); }
});
list.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const row = event.target.closest("li");
  if (row) take(row);
});
document.getElementById("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

async function answer() {
  const said = reply.value;
  if (!said.trim()) return;
  reply.value = "";
  await post("type", { channel: state.channel, text: said, thread_ts: state.thread });
}

reply.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); answer(); }
});
document.getElementById("replying").addEventListener("submit", (event) => {
  event.preventDefault();
  answer();
});
