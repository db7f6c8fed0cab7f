// As much of a document as the signing page asks of its browser, so that its forms and its words can be tried where there is none.
// `open` shows a page as the node wrote it: { base, context, words, tables }. What it gives back reads and fills the form, and hands files over.
class Element {
  #text = '';
  listeners = {};
  children = [];
  dataset = {};
  attributes = {};

  constructor(tag) {
    this.tag = tag;
  }

  append(...children) {
    this.children.push(...children);
  }

  prepend(...children) {
    this.children.unshift(...children);
  }

  replaceChildren(...children) {
    this.#text = '';
    this.children = children;
  }

  get textContent() {
    return this.#text + this.children.map(child => typeof child === 'string' ? child : child.textContent).join('\n');
  }

  set textContent(text) {
    this.children = [];
    this.#text = text;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  querySelector(tag) {
    return this.all().find(one => one.tag === tag) ?? null;
  }

  addEventListener(kind, listen) {
    this.listeners[kind] = listen;
  }

  all() {
    return this.children.filter(child => child instanceof Element).flatMap(child => [child, ...child.all()]);
  }

  fields() {
    return this.all().filter(one => one.name);
  }

  said() {
    if (this.tag === 'select') return this.value ?? this.all()[0]?.value ?? '';
    if (this.type === 'file') return this.files?.[0] ?? '';
    return this.value ?? '';
  }
}

class Said {
  #fields;

  constructor(form) {
    this.#fields = form.fields();
  }

  get(name) {
    return this.#fields.find(one => one.name === name)?.said() ?? null;
  }

  has(name) {
    const field = this.#fields.find(one => one.name === name);
    return field?.type === 'checkbox' ? Boolean(field.checked) : Boolean(field);
  }
}

const wires = globalThis.fetch;
let opened = 0;

// A browser that keeps an unlocked key, and nothing else.
function keeping(key) {
  const store = {
    close() {},
    transaction() {
      const change = { objectStore: () => ({ get: () => ({ result: key }), put: () => ({}), delete: () => ({}) }) };
      queueMicrotask(() => change.oncomplete());
      return change;
    },
  };
  return {
    open() {
      const asked = { result: store };
      queueMicrotask(() => asked.onsuccess());
      return asked;
    },
  };
}

export async function open({ base, context, words, tables }, signer = null) {
  const elements = {};
  const at = id => elements[id] ??= Object.assign(new Element('div'), { id });
  globalThis.document = { getElementById: at, createElement: tag => new Element(tag) };
  globalThis.addEventListener = () => {};
  globalThis.FormData = Said;
  globalThis.fetch = (path, options) => wires(new URL(path, base), options);
  at('signing').dataset = { context, words, tables };
  if (signer) globalThis.indexedDB = keeping({ ...signer, chain: JSON.parse(context).chain, since: Date.now(), used: Date.now() });
  await import(`./sign.js?${opened++}`);
  await new Promise(setImmediate);
  const form = at('draft');
  return {
    fields: () => Object.fromEntries(form.fields().map(one => [one.name, one.said()])),
    fill(given) {
      for (const [name, value] of Object.entries(given)) Object.assign(form.fields().find(one => one.name === name), typeof value === 'boolean' ? { checked: value } : { value });
    },
    submit: () => form.listeners.submit({ preventDefault() {} }),
    hand: (...texts) => at('handed-over').listeners.change({ target: { files: texts.map(given => ({ text: async () => given })) } }),
    problem: () => at('draft-says').textContent ?? '',
    says: () => at('says').textContent,
    maySign: () => !at('sign-and-send').disabled,
  };
}
