import Linkify from 'linkify-react';

/** Content as it was typed. Nothing in it is markup; web addresses can be followed, and tell the other side nothing. */
export function Text({ children }: { children: string }) {
  return <Linkify options={OPTIONS}>{children}</Linkify>;
}

const OPTIONS = {
  defaultProtocol: 'https',
  // What was typed with another scheme, and addresses of mail, stay text.
  validate: (value: string, type: string) => type === 'url' && /^https?:\/\//iu.test(value),
  target: '_blank',
  rel: 'noopener noreferrer',
  className: 'underline underline-offset-2',
};
