// Loaded before the first paint, so that no page flashes in the wrong theme.
(function () {
  let kept = null;
  try { kept = localStorage.getItem('theme'); } catch { /* storage may be closed */ }
  const dark = kept ? kept === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
