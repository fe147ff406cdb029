// Keeps a part of the page current:
//   <div data-live="/boards/7/events" data-fragment="/boards/7?part=rows" data-revision="41"> … </div>
// The stream says only what moved, as `data: {"before": 41, "after": 42}` (event "moved" or unnamed). The part is
// then fetched again with the reader's own language and rights and morphed in place; rows with an id that change
// their position slide. A missed event is made good by the next one, because only the newest revision counts.
(function () {
  'use strict';
  const STALE_AFTER = 120000;
  const SLIDE = 220;
  const calm = matchMedia('(prefers-reduced-motion: reduce)');

  function positions(part) {
    const found = new Map();
    part.querySelectorAll('[data-row]').forEach(function (row) {
      found.set(row.dataset.row, row.getBoundingClientRect().top);
    });
    return found;
  }

  function slide(part, before) {
    if (calm.matches) return;
    part.querySelectorAll('[data-row]').forEach(function (row) {
      const old = before.get(row.dataset.row);
      const move = old === undefined ? 0 : old - row.getBoundingClientRect().top;
      if (!move) return;
      row.animate([{ transform: 'translateY(' + move + 'px)' }, { transform: 'none' }], { duration: SLIDE, easing: 'cubic-bezier(.2,.7,.2,1)' });
      row.classList.add('moved');
      setTimeout(function () { row.classList.remove('moved'); }, 1500);
    });
  }

  const keep = {
    // What the reader opened stays open, and drawn charts are redrawn by charts.js when their figure changed.
    beforeAttributeUpdated: function (name, node) {
      return !(name === 'open' || name === 'aria-expanded' || (name === 'hidden' && node.matches('.why')));
    },
    beforeNodeMorphed: function (node) {
      return !(node.nodeType === 1 && (node.matches('.plot.ready, [data-keep], [data-clock]') || node === document.activeElement && node.matches('input, select, textarea')));
    },
  };

  function follow(part) {
    let revision = Number(part.dataset.revision || 0);
    let wanted = revision;
    let fetching = false;
    let heard = Date.now();
    let connected = false;
    let retry = 1000;
    let stream = null;
    const pulse = part.querySelector('[data-pulse]') || document.querySelector('[data-pulse]');

    function show() {
      const sign = pulse && pulse.isConnected ? pulse : part.querySelector('[data-pulse]') || document.querySelector('[data-pulse]');
      if (!sign) return;
      const silent = Date.now() - heard;
      const stale = silent > STALE_AFTER || (!connected && silent > 10000);
      sign.classList.toggle('stale', stale);
      const words = sign.querySelector('span');
      const text = stale ? sign.dataset.staleWords : new Date(sign.dataset.pulse).toTimeString().slice(0, 8) + ' ' + sign.dataset.liveWords;
      if (words && words.textContent !== text) words.textContent = text;
    }

    async function refresh() {
      if (fetching) return;
      fetching = true;
      try {
        while (wanted > revision) {
          const answer = await fetch(part.dataset.fragment, { headers: { 'HX-Request': 'true' }, cache: 'no-cache' });
          if (!answer.ok) throw new Error(String(answer.status));
          const before = positions(part);
          const reached = Number(answer.headers.get('X-Revision') || wanted);
          window.Idiomorph.morph(part, await answer.text(), { morphStyle: 'innerHTML', callbacks: keep });
          revision = Math.max(reached, revision + 1);
          part.dataset.revision = String(revision);
          slide(part, before);
          window.saichuang.prepare(part);
          document.dispatchEvent(new CustomEvent('saichuang:changed'));
          heard = Date.now();
        }
      } catch {
        setTimeout(refresh, 5000);
      } finally {
        fetching = false;
        show();
      }
    }

    function listen(event) {
      heard = Date.now();
      let told;
      try { told = JSON.parse(event.data); } catch { return; }
      if (told.after > wanted) wanted = told.after;
      if (wanted > revision) refresh();
      show();
    }

    function connect() {
      stream = new EventSource(part.dataset.live + (part.dataset.live.includes('?') ? '&' : '?') + 'since=' + revision);
      stream.onopen = function () { connected = true; heard = Date.now(); retry = 1000; show(); };
      stream.onmessage = listen;
      stream.addEventListener('moved', listen);
      stream.addEventListener('alive', function () { heard = Date.now(); show(); });
      stream.onerror = function () {
        connected = false;
        stream.close();
        show();
        // Spread over time, so that a hall of phones does not come back in the same instant.
        setTimeout(function () { if (!document.hidden) connect(); else resumed(); }, retry * (0.5 + Math.random()));
        retry = Math.min(retry * 2, 30000);
      };
    }

    function resumed() {
      document.addEventListener('visibilitychange', function once() {
        if (document.hidden) return;
        document.removeEventListener('visibilitychange', once);
        connect();
      });
    }

    connect();
    setInterval(show, 5000);
    window.addEventListener('pagehide', function () { stream.close(); });
    window.addEventListener('pageshow', function (event) { if (event.persisted) connect(); });
  }

  document.querySelectorAll('[data-live][data-fragment]').forEach(follow);
})();
