/**
 * The little of a page that parts of it ask for when they are loaded: import this before them. It is gone as soon as the
 * test's own file is loaded, since what else is tested in this process must see no page.
 */
const page = { document: { documentElement: { lang: 'en' } }, navigator: { language: 'en' } };
const added = Object.entries(page).filter(([name]) => !(name in globalThis));
for (const [name, value] of added) Object.defineProperty(globalThis, name, { value, configurable: true });
queueMicrotask(() => {
  for (const [name] of added) Reflect.deleteProperty(globalThis, name);
});

export {};
