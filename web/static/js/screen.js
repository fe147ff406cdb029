// Turns the pages of a hall screen: every 12 s, the first page 20 s; space pauses, arrows turn by hand. live.js keeps
// the page that is shown current; here only which page that is changes.
(function () {
  'use strict';
  const screen = document.querySelector('[data-screen]');
  if (!screen) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  let page = Number(screen.dataset.page);
  let paused = false;
  let began = Date.now();

  function stay() { return page === 1 ? 20000 : 12000; }
  function address(number) { return screen.dataset.screen + '?page=' + number; }

  async function turn(step) {
    began = Date.now();
    const wanted = Math.max(1, page + step);
    try {
      const answer = await fetch(address(wanted), { cache: 'no-cache' });
      if (!answer.ok) return;
      page = Number(answer.headers.get('X-Page') || 1);
      screen.dataset.fragment = address(page);
      const text = await answer.text();
      if (!calm) await screen.animate([{ opacity: 1 }, { opacity: 0.15 }], { duration: 110 }).finished;
      window.Idiomorph.morph(screen, text, { morphStyle: 'innerHTML', callbacks: { beforeNodeMorphed: keepDrawn } });
      if (!calm) screen.animate([{ opacity: 0.15 }, { opacity: 1 }], { duration: 110 });
      document.dispatchEvent(new CustomEvent('saichuang:changed'));
      began = Date.now();
    } catch { /* the page that is shown stays; the next turn tries again */ }
  }

  function keepDrawn(node) {
    return !(node.nodeType === 1 && node.matches('.plot.ready, [data-clock]'));
  }

  function tick() {
    const clock = screen.querySelector('[data-clock]');
    if (clock) clock.textContent = new Date().toTimeString().slice(0, 8);
    const bar = screen.querySelector('.cd i');
    const share = Math.min(1, (Date.now() - began) / stay());
    if (bar) bar.style.width = (paused ? 0 : share * 100) + '%';
    const note = screen.querySelector('.mid');
    if (note && paused) note.textContent = screen.dataset.pausedWords;
    if (!paused && share >= 1) turn(1);
  }

  document.addEventListener('keydown', function (event) {
    if (event.key === ' ') { paused = !paused; began = Date.now(); event.preventDefault(); if (!paused) turn(0); }
    if (event.key === 'ArrowRight' || event.key === 'PageDown') turn(1);
    if (event.key === 'ArrowLeft' || event.key === 'PageUp') turn(-1);
  });
  setInterval(tick, 250);
  tick();
})();
