import { UnauthorizedError } from 'centrifuge';

export interface StreamPosition {
  offset: number;
  epoch: string;
}

interface LoadStateOptions {
  getPosition: () => Promise<StreamPosition>;
  load: () => Promise<void>;
  /** The SDK repeats whatever fails while it loads, so one who may not hear must be ended by hand. */
  refuse: (error: UnauthorizedError) => void;
}

/** The position comes first: what is published while the state is loaded is recovered from there. */
export function loadState({ getPosition, load, refuse }: LoadStateOptions) {
  return async (): Promise<StreamPosition> => {
    try {
      const position = await getPosition();
      await load();
      return position;
    } catch (error) {
      if (error instanceof UnauthorizedError) refuse(error);
      throw error;
    }
  };
}
