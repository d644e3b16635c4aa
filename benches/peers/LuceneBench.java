// Lucene on the lines of `duijie bench words`: one thread, BM25 with its defaults, the twenty
// best documents for any of a need's words. Prints one JSON object.

import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;

public class LuceneBench {
    static final int BEST = 20;
    static final double WARM_UP_S = 10;

    public static void main(String[] args) throws Exception {
        Path lines = Path.of(args[0]), folder = Path.of(args[1]);
        double seconds = Double.parseDouble(args[2]);
        StringBuilder out = new StringBuilder("{\"lucene\": \"" + Version.LATEST + "\"");
        if (!Files.exists(folder)) {
            index(lines.resolve("documents.txt"), folder, out);
        }
        try (var reader = DirectoryReader.open(new MMapDirectory(folder))) {
            var searcher = new IndexSearcher(reader);
            searcher.setQueryCache(null);
            List<Query> needs = new ArrayList<>();
            for (String line : Files.readAllLines(lines.resolve("needs.txt"))) {
                needs.add(query(line));
            }
            int wrong = wrongTotals(searcher, needs, lines.resolve("totals.txt"));
            run(searcher, needs, WARM_UP_S);
            long[] nanos = run(searcher, needs, seconds);
            Arrays.sort(nanos);
            double mean = Arrays.stream(nanos).average().orElse(0) / 1e6;
            out.append(String.format(Locale.ROOT,
                ", \"documents\": %d, \"segments\": %d, \"needs\": %d, \"wrong_totals\": %d"
                + ", \"calls\": %d, \"per_s\": %.2f, \"mean_ms\": %.4f, \"p50_ms\": %.4f, \"p99_ms\": %.4f}",
                reader.numDocs(), reader.leaves().size(), needs.size(), wrong, nanos.length,
                1e3 / mean, mean, at(nanos, 0.50), at(nanos, 0.99)));
        }
        System.out.println(out);
    }

    /** As tantivy has it for the same purpose: frequencies and lengths, no positions, one segment. */
    static void index(Path documents, Path folder, StringBuilder out) throws Exception {
        var type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.setTokenized(true);
        type.freeze();
        var config = new IndexWriterConfig(new WhitespaceAnalyzer(255));
        config.setSimilarity(IndexSearcher.getDefaultSimilarity());
        config.setRAMBufferSizeMB(256);
        config.setMergeScheduler(new SerialMergeScheduler());
        long start = System.nanoTime();
        int count = 0;
        try (var writer = new IndexWriter(new MMapDirectory(folder), config);
             var reader = Files.newBufferedReader(documents)) {
            for (String line; (line = reader.readLine()) != null; count++) {
                var document = new Document();
                document.add(new Field("words", line, type));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
        double took = (System.nanoTime() - start) / 1e9;
        long bytes = 0;
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) bytes += Files.size(file);
        }
        out.append(String.format(Locale.ROOT,
            ", \"index_s\": %.2f, \"index_docs_per_s\": %.0f, \"index_bytes\": %d",
            took, count / took, bytes));
    }

    static Query query(String line) {
        IndexSearcher.setMaxClauseCount(10_000);
        var query = new BooleanQuery.Builder();
        for (String word : line.split(" ")) {
            if (!word.isEmpty()) {
                query.add(new TermQuery(new Term("words", word)), BooleanClause.Occur.SHOULD);
            }
        }
        return query.build();
    }

    /** Needs for which another number of documents is found than the lines have. */
    static int wrongTotals(IndexSearcher searcher, List<Query> needs, Path totals) throws Exception {
        int wrong = 0;
        List<String> expected = Files.readAllLines(totals);
        for (int i = 0; i < needs.size(); i++) {
            if (searcher.count(needs.get(i)) != Integer.parseInt(expected.get(i))) wrong++;
        }
        return wrong;
    }

    /** Whole rounds over the needs until the time is over; nanoseconds of each call. */
    static long[] run(IndexSearcher searcher, List<Query> needs, double seconds) throws Exception {
        var nanos = new ArrayList<Long>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            for (Query need : needs) {
                long start = System.nanoTime();
                searcher.search(need, BEST);
                nanos.add(System.nanoTime() - start);
            }
        } while (System.nanoTime() < end);
        return nanos.stream().mapToLong(Long::longValue).toArray();
    }

    static double at(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * share) - 1)] / 1e6;
    }
}
