import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Client KIND VERSION URL TYPE FILE METHOD...: send FILE with each METHOD, follow
 * redirects, print what the last server answered. KIND says what the body is given as:
 * bytes, file, stream (a new one each time) or once (always the same stream). VERSION is
 * HTTP_1_1 or HTTP_2. (Without TLS the latter asks for h2c, which httpd does not grant to
 * a request with a body.)
 */
public class Client {
    public static void main(String[] args) throws Exception {
        var client = HttpClient.newBuilder()
            .version(HttpClient.Version.valueOf(args[1]))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .sslContext(trusting())
            .build();
        for (String method : Arrays.copyOfRange(args, 5, args.length)) {
            var request = HttpRequest.newBuilder(URI.create(args[2]))
                .header("Content-Type", args[3])
                .method(method, body(args[0], Path.of(args[4])))
                .build();
            System.out.print(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
    }

    static BodyPublisher body(String kind, Path file) throws IOException {
        InputStream once = new ByteArrayInputStream(Files.readAllBytes(file));
        switch (kind) {
        case "bytes":
            return BodyPublishers.ofByteArray(Files.readAllBytes(file));
        case "file":
            return BodyPublishers.ofFile(file);
        case "stream":
            return BodyPublishers.ofInputStream(() -> open(file));
        default:
            return BodyPublishers.ofInputStream(() -> once);
        }
    }

    static InputStream open(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException error) {
            return null;
        }
    }

    /** The tests' certificate is of their own making. */
    static SSLContext trusting() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] { new X509TrustManager() {
            public void checkClientTrusted(X509Certificate[] chain, String type) { }
            public void checkServerTrusted(X509Certificate[] chain, String type) { }
            public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
        } }, null);
        return context;
    }
}
