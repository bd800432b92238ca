import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';

import { showPart } from '../../test/browser/show-part.tsx';
import { NotificationSwitch } from './notification-switch.tsx';

const requestPermission = vi.fn<() => Promise<NotificationPermission>>();

/** A browser's constructor, where nobody has been asked yet. */
const asking = Object.assign(
  vi.fn(
    class {
      close() {}
    },
  ),
  { permission: 'default', requestPermission },
);

function answer(permission: NotificationPermission) {
  requestPermission.mockImplementation(async () => {
    asking.permission = permission;
    return permission;
  });
}

const turnOn = page.getByRole('button', { name: 'Turn on notifications' });
const turnOff = page.getByRole('button', { name: 'Turn off notifications' });

beforeEach(() => {
  sessionStorage.clear();
  asking.permission = 'default';
  asking.mockReset();
  requestPermission.mockReset();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the switch of notifications', () => {
  test('asks the browser once it is pressed, and is turned off again', async () => {
    vi.stubGlobal('Notification', asking);
    answer('granted');
    await showPart(<NotificationSwitch />);
    await expect.element(turnOn).toBeVisible();
    expect(requestPermission).not.toHaveBeenCalled();
    await turnOn.click();
    await turnOff.click();
    await expect.element(turnOn).toBeVisible();
    expect(requestPermission).toHaveBeenCalledOnce();
    expect(sessionStorage).toHaveLength(0);
  });

  test('says in words that the browser refused, and how to change that', async () => {
    vi.stubGlobal('Notification', asking);
    answer('denied');
    await showPart(<NotificationSwitch />);
    await turnOn.click();
    await expect.element(page.getByText(/click the icon before the/)).toBeVisible();
    await expect.element(turnOn).toBeVisible();
  });

  test('is off once the browser does not allow it any more', async () => {
    vi.stubGlobal('Notification', asking);
    sessionStorage.setItem('rov.notify.ann', 'on');
    asking.permission = 'granted';
    await showPart(<NotificationSwitch />);
    await expect.element(turnOff).toBeVisible();
    asking.permission = 'denied';
    dispatchEvent(new StorageEvent('storage'));
    await expect.element(turnOn).toBeVisible();
  });

  test('says where notifications cannot be made by a page, and asks nothing', async () => {
    asking.mockThrow(new TypeError('Illegal constructor'));
    vi.stubGlobal('Notification', asking);
    await showPart(<NotificationSwitch />);
    await turnOn.click();
    await expect.element(page.getByText(/from web pages/)).toBeVisible();
    expect(requestPermission).not.toHaveBeenCalled();
  });

  test('is not there where the browser has none', async () => {
    vi.stubGlobal('Notification', undefined);
    Reflect.deleteProperty(window, 'Notification');
    await showPart(<NotificationSwitch />);
    expect(page.getByRole('button').elements()).toEqual([]);
  });
});
