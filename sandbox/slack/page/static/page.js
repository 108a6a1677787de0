"use strict";
// Sends what the person does, and draws what the server renders.

const $ = (id) => document.getElementById(id);
const state = {
  who: localStorage.who || $("who").value,
  channel: localStorage.channel || "C0INCIDENTS",
  thread: null, version: null, modalKey: null, toasts: null, seen: {}, round: 0,
};
$("who").value = state.who;
if (!$("who").value) { $("who").selectedIndex = 0; state.who = $("who").value; }

// What is filled in arrives before the modal is submitted.
let entered = Promise.resolve();
const inOrder = (deed, said) =>
  (entered = entered.catch(() => {}).then(() => post(deed, said)));

async function post(deed, said) {
  const answer = await fetch(`/sandbox/${deed}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ as: state.who, ...said }),
  });
  const outcome = await answer.json().catch(() => ({ error: `HTTP ${answer.status}` }));
  if (answer.status >= 400) toast(outcome.error);
  return outcome;
}

function toast(text) {
  const note = document.createElement("p");
  note.textContent = text;
  $("toasts").append(note);
  setTimeout(() => note.remove(), 8000);
}

async function poll(round) {
  while (round === state.round) {
    try {
      const query = new URLSearchParams({ as: state.who, channel: state.channel });
      if (state.version !== null) query.set("since", state.version);
      const answer = await fetch(`/page?${query}`);
      if (!answer.ok) throw new Error(answer.status);
      const parts = await answer.json();
      if (round !== state.round) return;
      $("connection").textContent = "";
      draw(parts);
    } catch {
      $("connection").textContent = "reconnecting …";
      await new Promise((resume) => setTimeout(resume, 1000));
    }
  }
}

function restart() {
  localStorage.who = state.who;
  localStorage.channel = state.channel;
  Object.assign(state, { version: null, modalKey: null, toasts: null });
  state.round += 1;
  poll(state.round);
}

function draw(parts) {
  state.version = parts.version;
  const main = $("main");
  if (main.dataset.html !== parts.main) {
    const low = main.scrollHeight - main.scrollTop - main.clientHeight < 80;
    main.innerHTML = main.dataset.html = parts.main;
    main.querySelectorAll(".external").forEach(showChips);
    if (low || main.dataset.place !== state.channel) main.scrollTop = main.scrollHeight;
    main.dataset.place = state.channel;
  }
  drawChannels(parts.channels);
  drawModal(parts);
  const told = parts.toasts.length;
  if (state.toasts !== null) parts.toasts.slice(state.toasts).forEach(toast);
  state.toasts = told;
}

function drawChannels(html) {
  $("channels").innerHTML = html;
  for (const link of $("channels").querySelectorAll("a")) {
    const { channel, last } = link.dataset;
    const key = `${state.who} ${channel}`;
    if (channel === state.channel || !(key in state.seen)) state.seen[key] = last;
    link.classList.toggle("unread", Boolean(last) && state.seen[key] !== last);
    if (channel === state.channel) $("where").textContent = link.textContent;
  }
  $("composer").hidden = state.channel === "home";
}

function drawModal(parts) {
  const modal = $("modal");
  if (parts.modal_key === state.modalKey) return;
  state.modalKey = parts.modal_key;
  if (!parts.modal) { modal.close(); modal.innerHTML = ""; return; }
  const focused = modal.contains(document.activeElement) ? document.activeElement.id : "";
  const unsent = [...modal.querySelectorAll("[data-typed]")].filter(isUnsent);
  modal.innerHTML = parts.modal;
  modal.querySelectorAll(".external").forEach(showChips);
  for (const { id, value } of unsent) {
    const again = document.getElementById(id);
    if (again?.matches("[data-typed]")) again.value = value;
  }
  if (!modal.open) modal.showModal();
  const first = "[autofocus], .body input, .body textarea, .body select";
  (document.getElementById(focused) || modal.querySelector(first) || modal).focus();
}

function isUnsent(node) {
  return (node.dataset.sent ?? node.defaultValue) !== node.value;
}

function pointed(node) {
  const place = JSON.parse(node.closest("[data-place]").dataset.place);
  const { block, action, type } = node.closest("[data-action]").dataset;
  return { ...place, block_id: block, action_id: action, type };
}

function confirmed(node) {
  const asked = node.closest("[data-confirm]");
  if (!asked) return Promise.resolve(true);
  const { title, text, confirm, deny, style } = JSON.parse(asked.dataset.confirm);
  const box = $("confirm");
  box.replaceChildren();
  const add = (tag, words, result) => {
    const node = box.appendChild(document.createElement(tag));
    node.textContent = words;
    if (result !== undefined) node.onclick = () => box.close(result);
    return node;
  };
  add("h2", title.text); add("p", text.text); add("button", deny.text, "no");
  add("button", confirm.text, "yes").className = style || "primary";
  box.returnValue = "";
  box.showModal();
  return new Promise((answer) => {
    box.onclose = () => answer(box.returnValue === "yes");
  });
}

async function choose(node, value) {
  const element = pointed(node);
  const asks = node.closest("[data-confirm]");
  if (!asks || (await confirmed(node))) await inOrder("choose", { element, value });
}

document.addEventListener("click", async (event) => {
  const hit = (selector) => event.target.closest(selector);
  let node;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if ((node = hit("a[data-channel]"))) {
    event.preventDefault();
    state.channel = node.dataset.channel;
    leaveThread();
    restart();
    if (state.channel === "home") post("home", {});
  } else if ((node = hit("[data-press]"))) {
    if (!(await confirmed(node))) return;
    if (node.dataset.url) window.open(node.dataset.url, "_blank", "noopener");
    await post("press", { element: pointed(node) });
  } else if ((node = hit("[data-option]"))) {
    node.closest("details").open = false;
    if (node.dataset.url) window.open(node.dataset.url, "_blank", "noopener");
    await choose(node, node.dataset.option);
  } else if ((node = hit("[data-shortcut]"))) {
    node.closest("details").open = false;
    const article = node.closest("article");
    const place = article ? JSON.parse(article.dataset.place) : {};
    await post("shortcut", { ...place, callback_id: node.dataset.shortcut });
  } else if ((node = hit("[data-reply]"))) {
    node.closest("details").open = false;
    state.thread = node.dataset.reply;
    $("thread").hidden = false;
    $("text").focus();
  } else if ((node = hit("[data-page]"))) turn(node);
  else if (hit("#thread button")) leaveThread();
  else if (hit("[data-close]")) post("close", {});
  else if ((node = hit(".external li"))) pick(node);
  else if ((node = hit(".chips button"))) drop(node);
});

function turn(button) {
  const pages = [...button.closest(".block").querySelectorAll("tbody")];
  const at = pages.findIndex((page) => !page.hidden);
  const to = Math.min(Math.max(at + Number(button.dataset.page), 0), pages.length - 1);
  pages.forEach((page, n) => { page.hidden = n !== to; });
  button.closest(".pages").querySelector("span").textContent = to + 1;
}

function leaveThread() {
  state.thread = null;
  $("thread").hidden = true;
}

document.addEventListener("change", (event) => {
  const node = event.target;
  if (node.id === "who") { state.who = node.value; restart(); }
  else if (node.matches("[data-choose]")) {
    const chosen = [...node.selectedOptions].map((option) => option.value);
    choose(node, node.multiple ? chosen : chosen[0]);
  } else if (node.matches("[data-picked], [data-typed]")) {
    node.dataset.sent = node.value;
    choose(node, node.value);
  } else if (node.closest("[data-ticks]")) {
    const boxes = [...node.closest("[data-ticks]").querySelectorAll("input:checked")];
    const chosen = boxes.map((box) => box.value);
    choose(node, node.type === "radio" ? chosen[0] : chosen);
  }
});

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value;
  if (!text.trim()) return;
  $("text").value = "";
  post("type", { channel: state.channel, text, thread_ts: state.thread });
});

$("modal").addEventListener("submit", async (event) => {
  event.preventDefault();
  for (const node of $("modal").querySelectorAll("[data-typed], [data-picked]")) {
    if (!isUnsent(node)) continue;
    node.dataset.sent = node.value;
    inOrder("choose", { element: pointed(node), value: node.value });
  }
  const button = $("modal").querySelector("[data-submit]");
  if (button) button.disabled = true;
  const outcome = await inOrder("submit", {});
  if (button) button.disabled = false;
  if (outcome.error && outcome.error !== "incomplete") button?.focus();
});
$("modal").addEventListener("cancel", (event) => {
  event.preventDefault();
  post("close", {});
});

// Menus with an external source: search as one types, choose from the list.
let asked = 0;
document.addEventListener("input", search);
document.addEventListener("focusin", search);
document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.(".external");
  if (box) setTimeout(() => { box.querySelector("ul").hidden = true; }, 200);
});

async function search(event) {
  const box = event.target.closest?.(".external");
  if (!box || event.target.tagName !== "INPUT") return;
  const query = event.target.value;
  const list = box.querySelector("ul");
  if (query.length < Number(box.dataset.least)) { list.hidden = true; return; }
  const turn = (asked += 1);
  const { result } = await post("suggest", { element: pointed(box), query });
  if (turn !== asked) return;
  list.replaceChildren(...(result || []).map((option) => {
    const line = document.createElement("li");
    line.textContent = option.text.text;
    line.dataset.chosen = JSON.stringify(option);
    return line;
  }));
  if (!list.children.length) list.textContent = "No results";
  list.hidden = false;
}

function showChips(box) {
  const held = JSON.parse(box.dataset.held);
  box.querySelector(".chips").replaceChildren(...held.map((option, index) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.dataset.index = index;
    chip.textContent = `${option.text.text} ×`;
    return chip;
  }));
}

function hold(box, held) {
  box.dataset.held = JSON.stringify(held);
  showChips(box);
  choose(box, box.dataset.many === "true" ? held : held[0] || null);
}

function pick(node) {
  const box = node.closest(".external");
  const option = JSON.parse(node.dataset.chosen);
  box.querySelector("ul").hidden = true;
  box.querySelector("input").value = "";
  hold(box, box.dataset.many === "true" ? [...JSON.parse(box.dataset.held), option] : [option]);
}

function drop(node) {
  const box = node.closest(".external");
  const held = JSON.parse(box.dataset.held);
  held.splice(Number(node.dataset.index), 1);
  hold(box, held);
}

restart();
