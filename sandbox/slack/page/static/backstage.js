// Behind the scenes: the clock, trouble, the processes, what is sent, incident.io's side.

import { get, post, toast } from "./api.js";
import { morph } from "./draw.js";
import { state } from "./state.js";

const pane = document.getElementById("backstage");
const button = document.getElementById("behind");
const who = document.getElementById("who");
const MOVES = [["+1h", "+1 hour"], ["tomorrow 09:30", "Tomorrow 09:30"], ["monday 09:30", "Next Monday 09:30"]];
let round = 0;
let version = null;
let again = () => {};

const safe = (words) => String(words ?? "").replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const each = (rows, draw) => rows.map(draw).join("");

/** Shows the button where this sandbox has a backstage; ``begunAnew`` redraws the page. */
export async function openBackstage(begunAnew) {
  again = begunAnew;
  try { await get("/sandbox/backstage"); } catch { return; }
  button.hidden = false;
  if (localStorage.backstage === "open") show(true);
}

/** Closes it where a thread would not have room beside it. */
export function makeRoom() {
  if (!pane.hidden && window.matchMedia("(max-width: 1500px)").matches) show(false);
}

function show(open) {
  pane.hidden = !open;
  button.ariaExpanded = String(open);
  localStorage.backstage = open ? "open" : "shut";
  round += 1;
  version = null;
  if (open) poll(round);
}

async function poll(mine) {
  while (mine === round) {
    try {
      const since = version === null ? "" : `?since=${version}`;
      const shown = await get(`/sandbox/backstage${since}`);
      if (mine !== round) return;
      version = shown.version;
      morph(pane, draw(shown));
    } catch {
      await new Promise((resume) => setTimeout(resume, 1000));
    }
  }
}

function draw({ clock, troubles, events, processes, traffic, unknown_methods: unknown, organisation }) {
  // The buttons move the clock by the time of the person who presses them.
  const timeZone = who.selectedOptions[0].dataset.zone;
  const now = new Date(clock.now).toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  const ahead = clock.ahead_seconds > 60 ? ", ahead of this machine" : "";
  return `
    <header><h2>Behind the scenes</h2><button type="button" data-shut aria-label="Close">×</button></header>
    <div class="parts">
      <section><h3>Clock</h3><p id="bs-now">${safe(`${now} (${timeZone})`)}${ahead}</p>
        ${clock.movable ? each(MOVES, ([to, words]) => `<button type="button" data-move="${to}">${words}</button> `)
    : "<p>This app has a clock of its own.</p>"}</section>
      <section><h3>Trouble</h3>${each(troubles, ({ name, label, on }) => `
        <label><input type="checkbox" id="bs-${name}" data-trouble="${name}" ${on ? "checked" : ""}> ${safe(label)}</label>`)}
        ${each(events, ({ name, label }) => `<button type="button" data-event="${name}">${safe(label)}</button> `)}</section>
      <section><h3>The app</h3>${each(processes, ({ name, label, running }) => `
        <label><input type="checkbox" id="bs-p-${name.replace(" ", "-")}" data-process="${name}" ${running ? "checked" : ""}> ${safe(label)}</label>`)}
        <button type="button" class="danger" data-reset>Begin the first day again</button>
        ${unknown.length ? `<p>Not known here: ${safe(unknown.join(", "))}</p>` : ""}</section>
      <section><h3>incident.io</h3>
        <ul>${each(organisation.incidents, ({ reference, name, status, severity, private: hidden }) => `<li><b>${safe(reference)}</b> ${hidden ? "🔒 " : ""}${safe(name)} <small>${safe([status, severity].filter(Boolean).join(" · "))}</small></li>`)}</ul>
        <ul>${each(organisation.on_call, ({ schedule, people }) => `<li><b>${safe(schedule)}</b> <small>${safe(people.join(", ") || "nobody on call")}</small></li>`)}</ul>
        <p>${organisation.follow_ups.outstanding} follow-ups outstanding, ${organisation.follow_ups.finished} finished</p></section>
      <section><h3>Sent</h3>
        <ol id="bs-traffic">${each(traffic.slice(-200).reverse(), sent)}</ol></section>
    </div>`;
}

function sent({ number, at, way, by, method, path, status, error, ms }) {
  const time = new Date(at).toLocaleTimeString([], { hourCycle: "h23", timeZone: who.selectedOptions[0].dataset.zone });
  const ended = error || status || "no answer";
  const bad = error || !status || status >= 400 ? ' class="bad"' : "";
  return `<li id="x-${number}"${bad}><details data-exchange="${number}"><summary><time>${time}</time> <small>${safe(named(way, by))}</small> ${safe(method)} ${safe(path)} <b>${safe(ended)}</b> <small>${ms} ms</small></summary><pre></pre></details></li>`;
}

/** Says who of several processes asked, or took a delivery. */
function named(way, by) {
  if (!by) return way;
  return way === "to the app" ? `to ${by}` : `${by} ${way}`;
}

async function bodies(details) {
  const { request, answer } = await get(`/sandbox/traffic/${details.dataset.exchange}`);
  details.querySelector("pre").textContent = `${request || "(nothing)"}\n\n→ ${answer || "(nothing)"}`;
}

button.addEventListener("click", () => show(pane.hidden));
who.addEventListener("change", () => { if (!pane.hidden) show(true); });
pane.addEventListener("click", async (event) => {
  const node = event.target.closest("button");
  if (!node) return;
  const { move, event: name } = node.dataset;
  if ("shut" in node.dataset) { show(false); button.focus(); }
  else if (move) await post("clock", { to: move });
  else if (name) await post("event", { name });
  else if ("reset" in node.dataset) {
    if (!window.confirm("Begin the first day again? Everything in this sandbox is lost.")) return;
    const { ok } = await post("reset");
    if (ok) { toast("The first day has begun.", true); again(); }
  }
});
pane.addEventListener("change", async ({ target: node }) => {
  const { trouble, process } = node.dataset;
  node.dataset.busy = "yes";
  node.disabled = true;
  if (trouble) await post("trouble", { name: trouble, on: node.checked });
  if (process) await post("process", { name: process, running: node.checked });
  node.disabled = false;
  delete node.dataset.busy;
  node.focus();
});
pane.addEventListener("toggle", ({ target: node }) => {
  if (node.open && node.dataset.exchange) bodies(node);
}, true);
