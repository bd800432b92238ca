import { Empty } from '../ui/empty.tsx';

/** The right pane before a conversation is chosen. */
export function NothingOpen() {
  return (
    <div className="grid flex-1 place-items-center">
      <Empty title="No conversation open">Choose one from the list, or somebody to write to.</Empty>
    </div>
  );
}
