<?php
// client.php KIND URL TYPE FILE METHOD...: send FILE with each METHOD, follow redirects,
// print what the last server answered. KIND says how the body is given:
//   fields   cURL, CURLOPT_POSTFIELDS
//   infile   cURL, CURLOPT_INFILE, which cannot be rewound
//   stream   PHP's own http:// stream
// With "+expect" behind it cURL may wait for a 100, as it does by itself above 1 MB.
[, $kind, $url, $type, $file] = $argv;

function with_stream($method, $url, $type, $file) {
    $context = stream_context_create(["http" => [
        "method" => $method,
        "header" => "Content-Type: $type",
        "content" => file_get_contents($file),
        "timeout" => 120,
    ]]);
    return readfile($url, false, $context) !== false;
}

function with_curl($method, $url, $headers, $body) {
    $curl = curl_init($url);
    curl_setopt_array($curl, $body + [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_FOLLOWLOCATION => true,
        CURLOPT_TIMEOUT => 120,
    ]);
    if (!curl_exec($curl)) {
        fwrite(STDERR, curl_errno($curl) . " " . curl_error($curl) . "\n");
        return false;
    }
    return true;
}

$kinds = explode("+", $kind);
$headers = ["Content-Type: $type", isset($kinds[1]) ? "Expect: 100-continue" : "Expect:"];
foreach (array_slice($argv, 5) as $method) {
    $done = match ($kinds[0]) {
        "fields" => with_curl($method, $url, $headers, [
            CURLOPT_POSTFIELDS => file_get_contents($file),
        ]),
        "infile" => with_curl($method, $url, $headers, [
            CURLOPT_UPLOAD => true,
            CURLOPT_INFILE => fopen($file, "rb"),
            CURLOPT_INFILESIZE => filesize($file),
        ]),
        "stream" => with_stream($method, $url, $type, $file),
    };
    if (!$done) {
        exit(1);
    }
}
