// The keys of the wall and the announcer's phone: space, right and page down reveal the next step, left and page up go
// back. The step that was seen goes with it, so that two who press at once move it once. live.js shows what moved.
(function () {
  'use strict';
  const part = document.querySelector('[data-remote]');
  if (!part) return;
  let sent = '';
  let at = 0;

  async function move(way) {
    const scene = part.querySelector('[data-step]');
    const step = scene ? Number(scene.dataset.step) : -1;
    // the same press again at what is still on the wall is a slip of the finger
    const press = way + step;
    if (step < 0 || (press === sent && Date.now() - at < 1500)) return;
    sent = press;
    at = Date.now();
    try {
      await fetch(part.dataset.remote + '/' + way, { method: 'POST', body: new URLSearchParams({ from: String(step) }), redirect: 'manual' });
    } catch { sent = ''; /* the hall has no network for a moment: the next press tries again */ }
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
