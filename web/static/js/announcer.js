// The keys of the wall and the announcer's phone: space, right and page down reveal the next step, left and page up go
// back. The step that was seen goes with it, so that two who press at once move it once. live.js shows what moved.
(function () {
  'use strict';
  const part = document.querySelector('[data-remote]');
  if (!part) return;
  let sent = -1;
  let at = 0;

  async function move(way) {
    const scene = part.querySelector('[data-step]');
    const step = scene ? Number(scene.dataset.step) : -1;
    // a second press at what is still on the wall is a slip of the finger
    if (step < 0 || (step === sent && Date.now() - at < 1500)) return;
    sent = step;
    at = Date.now();
    try {
      await fetch(part.dataset.remote + '/' + way, { method: 'POST', body: new URLSearchParams({ from: String(step) }), redirect: 'manual' });
    } catch { sent = -1; /* the hall has no network for a moment: the next press tries again */ }
  }

  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('button, a, input')) return;
    if ([' ', 'ArrowRight', 'PageDown', 'Enter'].includes(event.key)) { event.preventDefault(); if (!event.repeat) move('next'); }
    if (['ArrowLeft', 'PageUp'].includes(event.key)) { event.preventDefault(); if (!event.repeat) move('back'); }
  });
  part.addEventListener('submit', function (event) {
    const form = event.target.closest('[data-move]');
    if (!form) return;
    event.preventDefault();
    move(form.dataset.move);
  });
})();
