// How long a notice still runs: <span data-until="2026-12-02T17:30:00+08:00" data-left="{d} 天 {h} 小时 {m} 分" data-over="…">.
// Without a script the moment it ends stands beside it.
(function () {
  'use strict';
  function show() {
    document.querySelectorAll('[data-until]').forEach(function (place) {
      const minutes = Math.floor((new Date(place.dataset.until) - Date.now()) / 60000);
      const text = minutes < 0 ? place.dataset.over : place.dataset.left
        .replace('{d}', Math.floor(minutes / 1440)).replace('{h}', Math.floor(minutes / 60) % 24).replace('{m}', minutes % 60);
      if (place.textContent !== text) place.textContent = text;
    });
  }
  document.addEventListener('saichuang:changed', show);
  setInterval(show, 5000);
  show();
})();
