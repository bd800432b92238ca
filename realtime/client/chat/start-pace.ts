/**
 * The API passes on no start, of writing or of looking, that comes within two seconds of the last one, also where something
 * has ended that. It counts from when it heard the last one, which may have been longer on its way.
 */
export const START_PACE_MS = 2500;
