import type { Dispatcher } from 'undici';

/** Whether a request left the queue for a connection. Travels as the request's `opaque`. */
export class Sending {
  sent = false;
}

/**
 * undici's errors do not say whether a request had been written: the same abort hits one that waits for
 * a connection and one that Centrifugo is working on. Its handler is told right before writing begins.
 */
export function reportSend(dispatch: Dispatcher['dispatch']): Dispatcher['dispatch'] {
  return (options, handler) => {
    const sending = 'opaque' in options ? options.opaque : undefined;
    return dispatch(options, sending instanceof Sending ? noting(sending, handler) : handler);
  };
}

function noting(sending: Sending, handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => {
      sending.sent = true;
      handler.onRequestStart?.(controller, context);
    },
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}
