/** The one origin of our own pages. */
export const origin = 'app://oversight';
