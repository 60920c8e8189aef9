// Everything works without this file; it only makes things quicker.
const root = document.documentElement;
root.setAttribute("data-js", "");

const errors = document.querySelector("[data-errors]");
if (errors) errors.focus();

// One press, one form: a second press within the same page view is dropped.
const sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  form.setAttribute("aria-busy", "true");
  setTimeout(() => { sent.delete(form); form.removeAttribute("aria-busy"); }, 10000);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("[aria-busy]").forEach((form) => { sent.delete(form); form.removeAttribute("aria-busy"); });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// 怎样补: the box of a way that is not chosen is put away and not sent; with none chosen all of them stay.
const chooseWay = () => document.querySelectorAll("[data-ways]").forEach((ways) => {
  const chosen = ways.querySelector("[type=radio]:checked");
  ways.querySelectorAll("[data-way]").forEach((box) => {
    box.hidden = Boolean(chosen) && box.dataset.way !== chosen.value;
    box.querySelector("input, textarea").disabled = box.hidden;
  });
});
if (document.querySelector("[data-ways]")) {
  document.addEventListener("change", chooseWay);
  window.addEventListener("pageshow", chooseWay); // going back brings the old choice with it
  chooseWay();
}

// 朗读: the browser's own voice reads the main text; a second press stops it.
const reader = document.querySelector("[data-read]");
if (reader && "speechSynthesis" in window) {
  const quiet = () => { reader.setAttribute("aria-pressed", "false"); reader.textContent = "朗读"; };
  reader.addEventListener("click", () => {
    const voice = window.speechSynthesis;
    if (reader.getAttribute("aria-pressed") === "true") {
      voice.cancel();
      quiet();
      return;
    }
    const words = new SpeechSynthesisUtterance(document.getElementById("main").innerText);
    words.lang = "zh-CN";
    words.rate = 0.9;
    words.onend = quiet;
    voice.cancel();
    voice.speak(words);
    reader.setAttribute("aria-pressed", "true");
    reader.textContent = "停";
  });
  window.addEventListener("pagehide", () => window.speechSynthesis.cancel());
} else if (reader) {
  reader.hidden = true;
}

// Workbench keys: J next, K previous, O open, X tick. They can be switched off.
const table = document.querySelector("[data-rows]");
if (table) {
  const rows = Array.from(table.querySelectorAll("[data-row]"));
  const toggle = document.querySelector("[data-keys]");
  let on = true;
  try { on = localStorage.getItem("keys") !== "off"; } catch (problem) { on = true; }
  const show = () => { if (toggle) { toggle.setAttribute("aria-pressed", String(on)); toggle.textContent = on ? "按键：开" : "按键：关"; } };
  show();
  if (toggle) toggle.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem("keys", on ? "on" : "off"); } catch (problem) { /* a private window keeps nothing */ }
    show();
  });
  let at = rows.findIndex((row) => row.classList.contains("is-current"));
  const move = (to) => {
    if (!rows.length) return;
    if (rows[at]) rows[at].classList.remove("is-current");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("is-current");
    rows[at].querySelector("[data-open]").focus();
  };
  let pressed = false; // by mouse or finger: the row stays as it is, or its link would move away before the press is over
  table.addEventListener("pointerdown", () => { pressed = true; });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => { pressed = false; }));
  table.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (pressed || !row || rows[at] === row) return;
    if (rows[at]) rows[at].classList.remove("is-current");
    at = rows.indexOf(row);
    row.classList.add("is-current");
  });
  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (typing) return;
    const key = event.key.toLowerCase();
    const row = rows[at];
    if (key === "j") move(at + 1);
    else if (key === "k") move(at - 1);
    else if (key === "o" && row) row.querySelector("[data-open]").click();
    else if (key === "x" && row) { const tick = row.querySelector("input[type=checkbox]"); if (tick) tick.click(); }
    else return;
    event.preventDefault();
  });
}
