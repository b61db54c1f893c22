using System.Text;

namespace Countersign.Fuzz;

/// <summary>Makes new inputs of old ones: by changing the tree of a DER file and keeping its lengths right, or by changing bytes blindly.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds)
{
    private static readonly byte[] Interesting = [0x00, 0x01, 0x02, 0x04, 0x05, 0x06, 0x0C, 0x1E, 0x30, 0x31, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xA0, 0xA3, 0xFE, 0xFF];

    private static readonly byte[][] Words =
    [
        .. new[] { "-----BEGIN ", "-----END ", "-----", "CERTIFICATE", "PRIVATE KEY", "TRUSTED ", ":", "\r\n", "\n\n", "=", "\uFEFF", "ENCRYPTED", ",", "+", "\\", "\"", "#", "CN=" }
            .Select(Encoding.UTF8.GetBytes),
    ];

    private readonly DerNode?[] _trees = [.. seeds.Select(seed => DerNode.Parse(seed))];

    public byte[] Next(Random random)
    {
        var which = random.Next(seeds.Count);
        var input = _trees[which] is { } tree && random.Next(4) > 0 ? MutateTree(tree.Copy(), random) : seeds[which];
        var changes = ReferenceEquals(input, seeds[which]) ? 1 + random.Next(4) : random.Next(5) == 0 ? 1 : 0;
        for (var i = 0; i < changes; i++)
        {
            input = MutateBytes(input, random);
        }

        return input;
    }

    private byte[] MutateTree(DerNode tree, Random random)
    {
        for (var changes = 1 + random.Next(3); changes > 0; changes--)
        {
            var all = tree.All().ToList();
            var node = all[random.Next(all.Count)];
            switch (random.Next(10))
            {
                case 0: node.Tag = Interesting[random.Next(Interesting.Length)]; break;
                case 1: node.Tag = (byte)random.Next(256); break;
                case 2: node.Become(all[random.Next(all.Count)].Copy()); break;
                case 3: node.Children?.Clear(); node.Content = []; break;
                case 4: node.Children?.Add(all[random.Next(all.Count)].Copy()); break;
                case 5 when node.Children is { Count: > 0 } children: children.RemoveAt(random.Next(children.Count)); break;
                case 6 when node.Children is { Count: > 0 } children: Multiply(children, random); break;
                case 7: Nest(node, 1 << random.Next(12)); break;
                case 8 when Other(random) is { } other: node.Become(other); break;
                default: node.Content = MutateBytes(node.Content, random); node.Children = null; break;
            }

            if (tree.Size > 1 << 20)
            {
                break;
            }
        }

        return tree.Encode();
    }

    private static void Multiply(List<DerNode> children, Random random)
    {
        var child = children[random.Next(children.Count)];
        for (var copies = 1 << random.Next(9); copies > 0 && child.Size * copies < 100_000; copies--)
        {
            children.Add(child.Copy());
        }
    }

    private static void Nest(DerNode node, int depth)
    {
        for (; depth > 0; depth--)
        {
            node.Become(new DerNode { Tag = 0x30, Children = [node.Copy(shallow: true)] });
        }
    }

    private DerNode? Other(Random random)
    {
        var all = _trees[random.Next(_trees.Length)]?.All().ToList();
        return all?[random.Next(all.Count)].Copy();
    }

    private byte[] MutateBytes(byte[] input, Random random)
    {
        var at = random.Next(input.Length + 1);
        var length = Math.Min(input.Length - at, 1 << random.Next(8));
        var bytes = input.ToList();
        switch (random.Next(9))
        {
            case 0 when at < input.Length: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < input.Length: bytes[at] = (byte)random.Next(256); break;
            case 2 when at < input.Length: bytes[at] = Interesting[random.Next(Interesting.Length)]; break;
            case 3: bytes.RemoveRange(at, length); break;
            case 4: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 5: bytes.Insert(at, Interesting[random.Next(Interesting.Length)]); break;
            case 6: bytes.RemoveRange(at, bytes.Count - at); break;
            case 7: bytes.InsertRange(at, Words[random.Next(Words.Length)]); break;
            default:
                var other = seeds[random.Next(seeds.Count)];
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + (1 << random.Next(10)))]);
                break;
        }

        return [.. bytes];
    }
}
