/** A recording's id. */
export const id = '0f8fad5b-d9cb-469f-a165-70867728950e';

/** A line as a window sends it. */
export const line = { directoryNumber: '101', deviceName: null, mode: 'media-forking' };

/** What the sign-in form sends. */
export const signIn = {
  serverAddress: 'https://recorder.example.com',
  username: 'anna',
  password: 'correct horse',
  remember: true,
  line,
};

/** The least that a list is asked with. */
export const query = { page: 0, pageSize: 50 };
