/** The pages IIS answers where the vendor documents no body. */
const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized: Access is denied due to invalid credentials.',
  403: 'Forbidden: Access is denied.',
  404: 'File or directory not found.',
  405: 'HTTP verb used to access this page is not allowed.',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  417: 'Expectation Failed',
  429: 'Too Many Requests',
  500: 'Internal server error.',
  501: 'Header values specify a method that is not implemented.',
  502: 'Web server received an invalid response while acting as a gateway or proxy server.',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The HTML page of a status, as IIS shows it. */
export function iisErrorPage(status: number): string {
  const text = `${status} - ${reasons[status] ?? 'Error'}`;
  return `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"/><title>${text}</title></head>
<body><div id="header"><h1>Server Error</h1></div>
<div id="content"><h2>${text}</h2></div></body>
</html>
`;
}

/** What ASP.NET Web API answers in place of a page. */
export function webApiError(status: number): string {
  return JSON.stringify({ Message: reasons[status] ?? 'An error has occurred.' });
}

/** The answer of HTTP.SYS, which stands before IIS, while there is no application behind it. */
export const kernelUnavailable = {
  status: 503,
  contentType: 'text/html; charset=us-ascii',
  headers: { server: 'Microsoft-HTTPAPI/2.0', connection: 'close' },
  body: `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">
<HTML><HEAD><TITLE>Service Unavailable</TITLE>
<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>
<BODY><h2>Service Unavailable</h2>
<hr><p>HTTP Error 503. The service is unavailable.</p>
</BODY></HTML>
`,
} as const;

/** The web application's own log-in page. */
export const applicationLoginPage = `<!DOCTYPE html>
<html><head><title>Login</title></head>
<body><form method="post"><input name="username"/><input name="password" type="password"/>
<button>Log in</button></form></body></html>
`;

/** The page of a captive proxy that answers in the server's place. */
export const proxyLoginPage = `<!DOCTYPE html>
<html><head><title>Web access: please sign in</title></head>
<body><h1>Company web gateway</h1><form action="http://gateway.invalid/login" method="post">
<input name="user"/><input name="pass" type="password"/><button>Continue</button></form></body></html>
`;
