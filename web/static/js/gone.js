// A device that lost its seat says how much it still holds.
(function () {
  'use strict';
  const waiting = window.saichuangOutbox.read('saichuang:seat').filter(function (pair) { return pair[0].includes(':out:'); });
  const line = document.getElementById('unsent');
  if (!waiting.length || !line) return;
  line.textContent = line.dataset.words.replace('{0}', waiting.length);
  line.hidden = false;
})();
