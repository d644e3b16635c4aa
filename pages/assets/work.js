// What makes work quicker where there is JavaScript; everything works without it.
"use strict";

// "/" goes to the search box, as in other desks of this kind.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.altKey || event.metaKey) return;
  const box = document.querySelector("input[type=search]");
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What a need comes to, while one writes it: the server's own answer, in place.
for (const form of document.querySelectorAll("form[data-live]")) {
  const panel = document.getElementById("assist");
  let timer;
  let asked = 0;
  const look = async () => {
    const turn = ++asked;
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.live, {
        method: "POST",
        headers: { "x-fragment": "1", accept: "text/html" },
        body: new URLSearchParams(new FormData(form)),
      });
      // A later question has been asked meanwhile, or the page to show is another one.
      if (turn !== asked || !answer.ok || answer.redirected) return;
      panel.innerHTML = await answer.text();
    } catch {
      // Without the server what stood there stays; the button still works once it is back.
    } finally {
      if (turn === asked) panel.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 600);
  });
}

// Work that goes on: its progress as it moves, and the page anew when it is over.
for (const card of document.querySelectorAll("[data-events]")) {
  const events = new EventSource(card.dataset.events);
  const tell = (part, text) => {
    const place = card.querySelector(`[data-part=${part}]`);
    if (place) place.textContent = text;
  };
  events.addEventListener("progress", (event) => {
    const job = JSON.parse(event.data);
    for (const part of ["label", "done", "total"]) tell(part, job[part]);
    const bar = card.querySelector("progress");
    if (bar && job.total > 0) bar.value = (100 * job.done) / job.total;
  });
  events.addEventListener("end", () => {
    events.close();
    location.reload();
  });
}

// A card of the board is moved by being dragged: what is sent is the form on the card.
for (const board of document.querySelectorAll(".board")) {
  let dragged = null;
  const wayTo = (lane) => {
    const choice = dragged && dragged.querySelector("select[name=to]");
    const ways = choice ? [...choice.options].map((option) => option.value) : [];
    return lane && ways.includes(lane.dataset.state) ? choice : null;
  };
  for (const card of board.querySelectorAll(".lead-card")) {
    card.draggable = card.querySelector("form.move") !== null;
  }
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest && event.target.closest(".lead-card");
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    for (const lane of board.querySelectorAll(".target")) lane.classList.remove("target");
  });
  board.addEventListener("dragover", (event) => {
    const lane = event.target.closest(".lane");
    for (const other of board.querySelectorAll(".lane")) {
      other.classList.toggle("target", other === lane && wayTo(lane) !== null);
    }
    if (wayTo(lane)) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const lane = event.target.closest(".lane");
    const choice = wayTo(lane);
    if (!choice) return;
    event.preventDefault();
    choice.value = lane.dataset.state;
    choice.form.requestSubmit();
  });
}
