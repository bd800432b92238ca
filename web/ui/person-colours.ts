import { hueOf } from '../state/initials.ts';

/** Colours that stay the same for one person: of a picture made of initials, and of the name above what they say. */
export function personColours(id: string) {
  const hue = hueOf(id);
  return {
    picture: {
      background: `light-dark(oklch(0.9 0.05 ${hue}), oklch(0.38 0.06 ${hue}))`,
      color: `light-dark(oklch(0.35 0.09 ${hue}), oklch(0.93 0.04 ${hue}))`,
    },
    name: { color: `light-dark(oklch(0.45 0.12 ${hue}), oklch(0.82 0.09 ${hue}))` },
  };
}
