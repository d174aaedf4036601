/**
 * A `document` for a library that writes style elements and style attributes, which the page's policy forbids. Rules go
 * into a constructed style sheet and attributes through the object model instead: both are open to scripts, and only to
 * them, so that what somebody else got into the page still has no style.
 */

/** What it makes looks like the page's document to `instanceof`, and belongs to it. */
export function documentWithStylesApart(page: Document): Document {
  return new Proxy(page, {
    get(target, name) {
      if (name === "createElement") {
        return (tag: string) => tag === "style" ? styleApart(target) : elementApart(target, tag);
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Does `work` while the page's own document makes no style elements either: for what asks for that instead. */
export function whileStylesApart(page: Document, work: () => void): void {
  const make = (tag: string) => tag === "style" ? styleApart(page) : Document.prototype.createElement.call(page, tag);
  Object.defineProperty(page, "createElement", { configurable: true, value: make });
  try {
    work();
  } finally {
    Reflect.deleteProperty(page, "createElement");
  }
}

/** In the place of a style element: its text becomes a sheet of the page, for as long as it is there. */
function styleApart(page: Document): HTMLElement {
  const sheet = new CSSStyleSheet();
  page.adoptedStyleSheets.push(sheet);
  const element = page.createElement("span");
  element.hidden = true;
  Object.defineProperty(element, "textContent", { set: (text: string) => sheet.replaceSync(text) });
  element.remove = () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((each) => each !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}

function elementApart(page: Document, tag: string): HTMLElement {
  const element = page.createElement(tag);
  element.setAttribute = (name: string, value: string) => {
    if (name === "style") element.style.cssText = value;
    else Element.prototype.setAttribute.call(element, name, value);
  };
  return element;
}
