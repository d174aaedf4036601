/**
 * Lets a library that writes style elements and style attributes work on a page whose policy forbids both. Rules go into a
 * constructed style sheet and attributes through the object model instead: these are open to scripts, and only to them,
 * so that markup that somebody else got into the page still has no style.
 */

let done = false;

/** From here on and for the whole page; nothing else on it makes style elements. */
export function keepStylesApart(page: Document): void {
  if (done) return;
  done = true;
  const createElement = page.createElement.bind(page) as (tag: string, options?: ElementCreationOptions) => HTMLElement;
  page.createElement =
    ((tag: string, options?: ElementCreationOptions) =>
      tag === "style"
        ? styleApart(page, createElement("span"))
        : createElement(tag, options)) as typeof page.createElement;
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name: string, value: string) {
    if (name === "style" && this instanceof HTMLElement) this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}

/** In the place of a style element: its text becomes a sheet of the page, for as long as it is there. */
function styleApart(page: Document, element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  page.adoptedStyleSheets.push(sheet);
  element.hidden = true;
  Object.defineProperty(element, "textContent", { set: (text: string) => sheet.replaceSync(text) });
  element.remove = () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((each) => each !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
