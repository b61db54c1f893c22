namespace Countersign.Fuzz;

/// <summary>A DER value as a tree whose lengths are computed when it is written. Strings that hold DER are opened too.</summary>
internal sealed class DerNode
{
    private const int Deepest = 40;

    public byte Tag { get; set; }

    /// <summary>What stands before the children (the unused bits of a BIT STRING), or everything when there are none.</summary>
    public byte[] Content { get; set; } = [];

    public List<DerNode>? Children { get; set; }

    public int Size { get; private set; }

    /// <summary>Null for what is not one definite-length value with a short tag.</summary>
    public static DerNode? Parse(ReadOnlySpan<byte> data)
    {
        var list = ParseList(data, 0);
        return list is [var one] ? one : null;
    }

    /// <summary>This node and everything below.</summary>
    public IEnumerable<DerNode> All()
    {
        var open = new Stack<DerNode>([this]);
        while (open.TryPop(out var node))
        {
            yield return node;
            node.Children?.ForEach(open.Push);
        }
    }

    public DerNode Copy(bool shallow = false) => new()
    {
        Tag = Tag,
        Content = Content,
        Size = Size,
        Children = shallow ? Children : Children?.Select(child => child.Copy()).ToList(),
    };

    public void Become(DerNode other) => (Tag, Content, Children, Size) = (other.Tag, other.Content, other.Children, other.Size);

    public byte[] Encode()
    {
        // written backwards, without recursion: nesting may be deep
        var output = new List<byte>();
        Write(output);
        output.Reverse();
        return [.. output];
    }

    private static List<DerNode>? ParseList(ReadOnlySpan<byte> data, int depth)
    {
        var list = new List<DerNode>();
        while (!data.IsEmpty)
        {
            if (data.Length < 2 || (data[0] & 0x1F) == 0x1F || depth > Deepest)
            {
                return null;
            }

            var header = 2 + (data[1] < 0x80 ? 0 : data[1] & 0x7F);
            if (header is 2 && data[1] >= 0x80 || header > 6 || data.Length < header)
            {
                return null;
            }

            long length = data[1] < 0x80 ? data[1] : 0;
            for (var i = 2; i < header; i++)
            {
                length = (length << 8) | data[i];
            }

            if (length > data.Length - header)
            {
                return null;
            }

            list.Add(Node(data[0], data.Slice(header, (int)length), depth));
            data = data[(header + (int)length)..];
        }

        return list;
    }

    private static DerNode Node(byte tag, ReadOnlySpan<byte> content, int depth)
    {
        var prefix = tag == 0x03 && content.Length > 1 ? 1 : 0;
        var opened = (tag & 0x20) != 0 || tag is 0x03 or 0x04 ? ParseList(content[prefix..], depth + 1) : null;
        return opened is { Count: > 0 } || (tag & 0x20) != 0 && opened is not null
            ? new DerNode { Tag = tag, Content = content[..prefix].ToArray(), Children = opened, Size = content.Length + 6 }
            : new DerNode { Tag = tag, Content = content.ToArray(), Size = content.Length + 6 };
    }

    private void Write(List<byte> backwards)
    {
        var open = new Stack<(DerNode Node, int End)>([(this, -1)]);
        while (open.TryPop(out var step))
        {
            var (node, end) = step;
            if (end < 0)
            {
                open.Push((node, backwards.Count)); // its header comes after everything inside
                node.Children?.ForEach(child => open.Push((child, -1)));
                continue;
            }

            backwards.AddRange(node.Content.Reverse());
            var length = backwards.Count - end;
            if (length < 0x80)
            {
                backwards.Add((byte)length);
            }
            else
            {
                var octets = 0;
                for (var rest = length; rest > 0; rest >>= 8, octets++)
                {
                    backwards.Add((byte)rest);
                }

                backwards.Add((byte)(0x80 | octets));
            }

            backwards.Add(node.Tag);
        }
    }
}
