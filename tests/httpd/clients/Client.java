import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Client VERSION URL TYPE FILE METHOD...: send FILE with each METHOD, follow redirects,
 * print what the last server answered. VERSION is HTTP_1_1 or HTTP_2.
 */
public class Client {
    public static void main(String[] args) throws Exception {
        var client = HttpClient.newBuilder()
            .version(HttpClient.Version.valueOf(args[0]))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
        for (String method : Arrays.copyOfRange(args, 4, args.length)) {
            var request = HttpRequest.newBuilder(URI.create(args[1]))
                .header("Content-Type", args[2])
                .method(method, HttpRequest.BodyPublishers.ofFile(Path.of(args[3])))
                .build();
            System.out.print(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
    }
}
