// The hall screen turns its own pages. When the server cannot be reached the last page stays, and says so.
const table = document.querySelector("[data-turn]");
const words = document.querySelector("[data-page]");
let stopped = false;

async function turn() {
  if (stopped) return;
  try {
    const answer = await fetch(table.dataset.next, { cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (!answer.ok) throw new Error(String(answer.status));
    location.replace(table.dataset.next);
  } catch {
    words.textContent = "连不上服务器，这是截至右边时刻的情况";
    setTimeout(turn, 5000);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  stopped = !stopped;
  if (!stopped) turn();
});
if (table) setTimeout(turn, Number(table.dataset.turn) * 1000);
