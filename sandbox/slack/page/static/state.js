// What the page shows: kept in the address and in the browser, so that a reload keeps it.

const known = JSON.parse(document.getElementById("known").textContent);
export const command = document.body.dataset.command;
export const completions = {
  usages: known.usages.map(({ line, about }) => ({ line: `${command} ${line}`.trim(), about })),
  people: known.people,
  channels: [],
};

const address = new URLSearchParams(location.hash.slice(1));
export const state = {
  who: address.get("as") || localStorage.who || document.getElementById("who").value,
  channel: address.get("channel") || localStorage.channel || "C0INCIDENTS",
  thread: address.get("thread"),
  version: null,
  begun: null,
  round: 0,
};

export function remember() {
  localStorage.who = state.who;
  localStorage.channel = state.channel;
  const { who, channel, thread } = state;
  const shown = new URLSearchParams({ as: who, channel, ...(thread && { thread }) });
  history.replaceState(null, "", `#${shown}`);
}

const key = (channel) => `seen ${state.who} ${channel}`;

/** Counts what was said after somebody last looked; on the first visit, nothing. */
export function unread(channel, said) {
  const seen = localStorage[key(channel)];
  if (seen === undefined) {
    localStorage[key(channel)] = said.at(-1) || "0";
    return 0;
  }
  return said.filter((ts) => Number(ts) > Number(seen)).length;
}

export function read(channel, said) {
  if (said.length) localStorage[key(channel)] = said.at(-1);
}

/** After a new start of the sandbox nothing of before counts. */
export function forgetRead(begun) {
  if (localStorage.begun === begun) return;
  localStorage.begun = begun;
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("seen ")) delete localStorage[name];
  }
}
