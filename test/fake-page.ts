/** A page without a browser: something to dispatch events at. */
export function fakePage() {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const turn = (visibilityState: 'visible' | 'hidden') => {
    document.visibilityState = visibilityState;
    document.dispatchEvent(new Event('visibilitychange'));
  };
  return {
    window,
    document,
    input: (name: string) => window.dispatchEvent(new Event(name)),
    hide: () => turn('hidden'),
    show: () => turn('visible'),
    /** Goes away, or into the back/forward cache. */
    leave: () => window.dispatchEvent(new Event('pagehide')),
    comeBack: () => window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })),
  };
}
