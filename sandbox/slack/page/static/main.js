// The page: who looks, at which channel, and what is new.

import { get, post, toast } from "./api.js";
import { makeRoom, openBackstage } from "./backstage.js";
import { focusComposer, write } from "./composer.js";
import { forget, isLow, morph } from "./draw.js";
import { drawModal, forgetModal } from "./modal.js";
import { completions, forgetRead, read, remember, state, unread } from "./state.js";

const $ = (id) => document.getElementById(id);
let told = null;
let drawnPlace = null;

async function poll(round) {
  while (round === state.round) {
    try {
      const query = new URLSearchParams({ as: state.who, channel: state.channel });
      if (state.thread) query.set("thread", state.thread);
      if (state.version !== null) {
        query.set("since", state.version);
        query.set("begun", state.begun);
      }
      const parts = await get(`/page?${query}`);
      if (round !== state.round) return;
      $("connection").textContent = "";
      draw(parts);
    } catch {
      $("connection").textContent = "Reconnecting …";
      await new Promise((resume) => setTimeout(resume, 1000));
    }
  }
}

function restart() {
  remember();
  state.version = null;
  state.round += 1;
  poll(state.round);
}

function go(channel) {
  state.channel = channel;
  state.thread = null;
  document.body.classList.remove("choosing");
  $("open").ariaExpanded = "false";
  restart();
  if (channel === "home") post("home");
  else focusComposer();
}

function draw(parts) {
  forgetRead(parts.begun);
  state.begun = parts.begun;
  state.version = parts.version;
  state.channel = parts.channel;
  const main = $("main");
  const place = `${state.who} ${state.channel}`;
  const moved = drawnPlace !== place;
  const low = isLow(main) || moved;
  if (moved) forget(main);
  drawnPlace = place;
  const isNew = morph(main, parts.main);
  if (state.channel === "home") { if (moved) main.scrollTop = 0; }
  else if (isNew && low) main.scrollTop = main.scrollHeight;
  drawThread(parts.thread);
  drawChannels(parts.channels);
  drawModal(parts);
  $("zone").textContent = parts.zone;
  if (told !== null) parts.toasts.slice(told).forEach(toast);
  told = parts.toasts.length;
}

function drawThread(html) {
  if (!html) state.thread = null;
  $("thread").hidden = !html;
  const low = isLow($("replies"));
  if (html && morph($("replies"), html) && low) $("replies").scrollTop = $("replies").scrollHeight;
  remember();
}

function drawChannels(channels) {
  completions.channels = channels
    .filter(({ mark }) => mark === "#")
    .map(({ name }) => ({ line: `#${name}`, about: "" }));
  let html = "";
  let section = null;
  for (const { id, name, mark, said, section: under } of channels) {
    if (under !== section) html += `<h3>${(section = under)}</h3>`;
    const current = id === state.channel;
    if (current) read(id, said);
    const count = unread(id, said);
    const words = `${mark} ${name}`.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
    const badge = count ? ` <span class="count" aria-label="${count} unread">${count}</span>` : "";
    html += `<a id="c-${id}" href="#" data-channel="${id}" class="${count ? "unread" : ""}"${
      current ? ' aria-current="page"' : ""}><span class="name" dir="auto">${words}</span>${badge}</a>`;
    if (current) $("where").textContent = `${mark} ${name}`;
  }
  morph($("channels"), html);
  $("composer").hidden = state.channel === "home";
}

$("who").value = state.who;
if (!$("who").value) { $("who").selectedIndex = 0; state.who = $("who").value; }
$("who").addEventListener("change", () => {
  state.who = $("who").value;
  state.thread = null;
  told = null;
  forgetModal();
  restart();
  if (state.channel === "home") post("home");
});

document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  let node;
  if ((node = hit("a[data-channel]"))) {
    event.preventDefault();
    go(node.dataset.channel);
  } else if ((node = hit("[data-reply]"))) {
    const menu = node.closest("details");
    if (menu) menu.open = false;
    state.thread = node.dataset.reply;
    restart();
    makeRoom();
    $("thread").hidden = false;
    $("reply").focus();
  } else if (hit("[data-leave]")) {
    state.thread = null;
    restart();
    focusComposer();
  } else if ((node = hit("[data-try]"))) write(node.dataset.try);
  else if (hit("#open")) {
    document.body.classList.add("choosing");
    $("open").ariaExpanded = "true";
    $("who").focus();
  } else if (hit("#shut")) {
    document.body.classList.remove("choosing");
    $("open").ariaExpanded = "false";
    $("open").focus();
  }
});

openBackstage(() => { told = null; forgetModal(); restart(); });
restart();
if (state.channel !== "home") focusComposer();
