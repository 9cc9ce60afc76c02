// What pages gain where scripts run; every page works without.

const length = (text) => [...text.normalize("NFC").replace(/\r\n?/g, "\n")].length;

for (const area of document.querySelectorAll("textarea[data-count-max]")) {
  const output = document.querySelector(`[data-count-for="${area.id}"]`);
  const most = Number(area.dataset.countMax);
  const count = () => {
    const left = most - length(area.value);
    const number = Math.abs(left).toLocaleString("en");
    output.textContent = left >= 0 ? `${number} characters left` : `${number} characters too many`;
    output.classList.toggle("count-over", left < 0);
  };
  area.addEventListener("input", count);
  count();
}

document.querySelector("[data-focus]")?.focus();

let leaving = false;
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
      event.preventDefault();
      return;
    }
    leaving = true;
    // After this turn, so that the pressed button's own value is still sent.
    setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
  });
  if ("guard" in form.dataset) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    window.addEventListener("beforeunload", (event) => { if (changed && !leaving) event.preventDefault(); });
  }
}
window.addEventListener("pageshow", () => {
  leaving = false;
  document.querySelectorAll("form button[disabled]").forEach((button) => { button.disabled = false; });
});

const countdowns = document.querySelectorAll("[data-countdown]");
const tick = () => {
  for (const place of countdowns) {
    const minutes = Math.floor((Date.parse(place.dataset.countdown) - Date.now()) / 60000);
    const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
    const words = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;
    if (minutes < 0) place.textContent = "";
    else if (days) place.textContent = `(${words(days, "day")} left)`;
    else place.textContent = hours ? `(${words(hours, "hour")} ${words(minutes % 60, "minute")} left)` : `(${words(minutes, "minute")} left)`;
  }
};
if (countdowns.length) {
  tick();
  setInterval(tick, 60000);
}

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const time of document.querySelectorAll("time[data-reader-zone]")) {
  if (!here || time.dataset.zone === here) continue;
  const yours = new Date(time.dateTime).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const note = document.createElement("span");
  note.className = "muted";
  note.textContent = ` (${yours} where you are)`;
  time.after(note);
}
