/**
 * Which windows of this browser are still open.
 *
 * Each holds a lock of its name for as long as its page lives. After a crash of the browser nobody
 * holds it, and what the window has left behind may be given to another one.
 */

const NAME = (sessionStorage["window"] ??= crypto.randomUUID());
const lockOf = (name) => `window:${name}`;

navigator.locks?.request(lockOf(NAME), { mode: "shared" }, () => new Promise(() => {}));

/** This window's name; the same after a reload. */
export const ownName = NAME;

/** Whether another window can be told from one that has crashed (locks need https). */
export const canTell = Boolean(navigator.locks);

/** Whether a window of that name is open. */
export async function isOpen(name) {
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === lockOf(name));
}
