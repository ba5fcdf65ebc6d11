// Before the first paint, so that the page does not flash in the other theme; kept apart because the policy allows no
// script within the page.
try {
  const theme = localStorage.getItem('aura.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden: then the system's theme it is.
}
