// The working copy by keyboard: M picks a session up, arrows carry it over rooms and times, Enter puts it down, Escape leaves it.
// The server's rules say what stands against each place; the form behind a session's title does the same without scripts.

const board = document.querySelector("[data-board]");
const form = document.querySelector("[data-drop]");
const status = document.querySelector("[data-board-status]");
let carried = null;

const rooms = () => [...board.querySelectorAll("th[data-room]")];
const clock = (minute) => new Date(2000, 0, 1, 0, minute).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
const wall = (minute) => `${board.dataset.day}T${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const spot = () => ({ room_id: rooms()[carried.room].dataset.room, starts_at: wall(carried.minute) });
const words = () => `${rooms()[carried.room].dataset.name}, ${clock(carried.minute)} to ${clock(carried.minute + carried.length)}.`;

function say(sentence) {
  status.textContent = sentence;
}

function height(minute) {
  const rows = [...board.querySelectorAll("tr[data-minute]")];
  const row = rows.findLast((each) => Number(each.dataset.minute) <= minute) ?? rows[0];
  const share = (minute - Number(row.dataset.minute)) / Number(row.dataset.minutes);
  return row.offsetTop + Math.min(Math.max(share, 0), 1) * row.offsetHeight;
}

function show() {
  const { ghost, minute, length } = carried;
  const column = rooms()[carried.room];
  const top = height(minute);
  Object.assign(ghost.style, { left: `${column.offsetLeft}px`, width: `${column.offsetWidth}px`, top: `${top}px`, height: `${Math.max(height(minute + length) - top, 28)}px` });
  ghost.classList.toggle("board-ghost-against", Boolean(carried.against));
  ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
}

async function ask(signal) {
  const answer = await fetch(`${board.dataset.here}/${carried.id}/against?${new URLSearchParams(spot())}`, { signal });
  if (!(answer.headers.get("Content-Type") ?? "").includes("json")) throw new Error("no answer about this place");
  return (await answer.json()).against;
}

async function look() {
  carried.asking?.abort();
  const asking = new AbortController();
  Object.assign(carried, { asking, against: null, warned: false });
  show();
  try {
    const against = await ask(asking.signal);
    if (carried?.asking !== asking) return;
    carried.against = against;
    say(`${words()} ${against ?? "Nothing stands against it."}`);
    show();
  } catch {
    if (carried?.asking === asking) say(`${words()} What stands against it could not be asked; it is checked when you put it down.`);
  }
}

function pickUp(card) {
  if (carried) leave();
  const title = card.querySelector("a").textContent;
  const room = rooms().findIndex((each) => each.dataset.room === card.dataset.room);
  const minute = Number(card.closest("tr[data-minute]")?.dataset.minute ?? board.dataset.opens);
  const ghost = document.createElement("div");
  Object.assign(ghost, { className: "board-ghost", tabIndex: 0, textContent: title });
  ghost.setAttribute("role", "application");
  ghost.setAttribute("aria-label", `Carrying “${title}”: arrow keys move it, Enter puts it down, Escape leaves it`);
  const { card: id, version, length } = card.dataset;
  carried = { card, ghost, id, version, length: Number(length), room: Math.max(room, 0), minute, came: document.activeElement };
  board.after(ghost);
  document.body.classList.add("board-carrying");
  ghost.addEventListener("keydown", steer);
  ghost.focus();
  carried.looking = look();
}

function leave() {
  const { ghost, came, card, asking } = carried;
  asking.abort();
  carried = null;
  ghost.remove();
  document.body.classList.remove("board-carrying");
  say("Left where it was.");
  (card.contains(came) ? came : card.querySelector("a")).focus();
}

function carry(rightward, downward) {
  const { opens, closes, step } = board.dataset;
  const latest = Math.max(Number(closes) - carried.length, Number(opens));
  carried.room = Math.min(Math.max(carried.room + rightward, 0), rooms().length - 1);
  carried.minute = Math.min(Math.max(carried.minute + downward * Number(step), Number(opens)), latest);
  carried.looking = look();
}

async function putDown() {
  const down = carried;
  await down.looking;
  if (carried !== down) return;
  if (down.against && !down.warned) {
    down.warned = true;
    say(`${words()} ${down.against} Press Enter again to place it anyway, or carry it on.`);
    return;
  }
  form.action = `${board.dataset.here}/${down.id}`;
  const values = { ...spot(), version: down.version, anyway: down.warned ? "on" : "" };
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  form.requestSubmit();
}

const keys = {
  ArrowLeft: () => carry(-1, 0),
  ArrowRight: () => carry(1, 0),
  ArrowUp: () => carry(0, -1),
  ArrowDown: () => carry(0, 1),
  Enter: putDown,
  Escape: leave,
};

function steer(event) {
  const act = event.altKey || event.ctrlKey || event.metaKey ? null : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function listen() {
  document.querySelector("[data-board-help]").hidden = false;
  for (const card of document.querySelectorAll("[data-card]")) {
    const button = card.querySelector("[data-move]");
    button.hidden = false;
    button.addEventListener("click", () => pickUp(card));
    card.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "m" || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      pickUp(card);
    });
  }
}

function returnToMoved() {
  const moved = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  moved?.querySelector("a")?.focus();
}

if (board) {
  listen();
  window.addEventListener("load", returnToMoved); // the browser itself goes to the fragment before, and leaves the focus nowhere
}
