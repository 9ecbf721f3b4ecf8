// A browser goes to the place in an address when a page is loaded, and here the page is made after that. So this goes
// there, and stays there while the page still grows, unless the reader moves on.
const place = document.getElementById(location.hash.slice(1));
if (place) {
  const follow = new ResizeObserver(() => place.scrollIntoView());
  const stop = () => follow.disconnect();
  follow.observe(place.closest("[data-testid=stMainBlockContainer]"));
  setTimeout(stop, 3000);
  for (const move of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(move, stop, { once: true });
  }
}
