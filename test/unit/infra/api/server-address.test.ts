import { describe, expect, it } from 'vitest';

import { normaliseAddress } from '../../../../src-main/infra/api/server-address';

describe('normaliseAddress', () => {
  it.each([
    ['https://recorder.example.com', 'https://recorder.example.com'],
    ['  https://recorder.example.com/ ', 'https://recorder.example.com'],
    ['recorder.example.com', 'https://recorder.example.com'],
    ['recorder', 'https://recorder'],
    ['RECORDER.Example.COM', 'https://recorder.example.com'],
    ['http://recorder', 'http://recorder'],
    ['HTTP://recorder', 'http://recorder'],
    ['recorder:8443', 'https://recorder:8443'],
    ['https://recorder:443', 'https://recorder'],
    ['http://recorder:80/', 'http://recorder'],
    ['10.1.2.3', 'https://10.1.2.3'],
    ['http://[fe80::1]:8080', 'http://[fe80::1]:8080'],
    ['//recorder.example.com', 'https://recorder.example.com'],
    ['https://site.example/voice', 'https://site.example/voice'],
    ['https://site.example/voice//rec/', 'https://site.example/voice/rec'],
    ['https://recorder/fw/Apps/Recorder/WebAPI', 'https://recorder'],
    ['https://recorder/fw/Apps/Recorder/WebAPI/', 'https://recorder'],
    ['https://recorder/FW/apps/recorder/webapi/Recordings?page=0', 'https://recorder'],
    ['https://recorder/voice/fw/Apps/Recorder/WebAPI/LiveRecordings/1', 'https://recorder/voice'],
    ['https://recorder/fw/Apps/Recorder/', 'https://recorder'],
    ['https://recorder/?x=1#y', 'https://recorder'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['recorder.example.com/voice', 'https://recorder.example.com/voice'],
  ])('%j is %s', (typed, address) => {
    expect(normaliseAddress(typed)).toEqual({ ok: true, value: address });
    // What was normalised stays as it is.
    expect(normaliseAddress(address)).toEqual({ ok: true, value: address });
  });

  it.each([
    ['https://recorder/fw', 'https://recorder'],
    ['https://recorder/fw/', 'https://recorder'],
    ['recorder/fw/', 'https://recorder'],
    ['https://recorder/fw/?page=rec#/recordings', 'https://recorder'],
    ['https://recorder/fw/#/recordings', 'https://recorder'],
    ['https://recorder/fw/Default.aspx?ReturnUrl=%2ffw%2f', 'https://recorder'],
    ['https://recorder/fw/Apps', 'https://recorder'],
    ['https://recorder/fw/Apps/', 'https://recorder'],
    ['https://recorder/FW/APPS/', 'https://recorder'],
    ['https://recorder/fw/Apps/Recorder/Default.aspx', 'https://recorder'],
    ['https://recorder/fw/Apps/Recorder/Default.aspx?x=1#y', 'https://recorder'],
    ['https://recorder/fw/Apps/Fax/Default.aspx', 'https://recorder'],
    ['https://recorder//fw//Apps//Recorder//WebAPI//', 'https://recorder'],
    ['https://recorder/fw/fw/Apps/Recorder/WebAPI', 'https://recorder'],
    ['https://recorder:8443/fw/', 'https://recorder:8443'],
    ['https://site.example/voice/fw/', 'https://site.example/voice'],
    ['https://site.example/voice/fw/Apps/Recorder/Default.aspx', 'https://site.example/voice'],
    ['https://recorder.example.com.', 'https://recorder.example.com'],
    ['recorder.', 'https://recorder'],
    ['https://recorder.example.com.:8443/fw/', 'https://recorder.example.com:8443'],
    // What only resembles it is a site's own prefix.
    ['https://site.example/fwd', 'https://site.example/fwd'],
    ['https://site.example/fw-test', 'https://site.example/fw-test'],
    ['https://site.example/fw/voice', 'https://site.example/fw/voice'],
    ['https://site.example/Apps/Recorder', 'https://site.example/Apps/Recorder'],
  ])('%j, as it is copied from the browser, is %s (C16)', (typed, address) => {
    expect(normaliseAddress(typed)).toEqual({ ok: true, value: address });
    expect(normaliseAddress(address)).toEqual({ ok: true, value: address });
  });

  it.each([
    '',
    '   ',
    'https://',
    'http:///',
    'https://anna:secret@recorder.example.com',
    'anna@recorder.example.com',
    'https://@recorder',
    'https://recorder.example.com evil',
    'https://recorder\n.example',
    'https://recorder\u0000',
    'ftp://recorder',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'media://recording/x',
    'https:recorder',
    'https:\\\\recorder',
    'recorder\\voice',
    'recorder:0',
    'recorder:65536',
    'recorder:-1',
    'recorder:port',
    'https://recorder:80:80',
    'https://..',
    'https://recorder..',
    'https://.',
    'https://%',
    'https://[::1',
    'https://?x',
    'https://1.2.3.999',
    'https://a b',
  ])('%j is no address', (typed) => {
    const result = normaliseAddress(typed);
    expect(result).toEqual({
      ok: false,
      error: { code: 'invalid-address', operation: 'sign-in', detail: { field: 'serverAddress' } },
    });
  });
});
