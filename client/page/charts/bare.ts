/** A figure of Plot without the inline styles that the page's policy refuses; what they would say stands in the page's sheet. */
export function bare(figure: Element): Element {
  for (const style of figure.querySelectorAll('style')) style.remove();
  figure.setAttribute('aria-hidden', 'true');
  return figure;
}
