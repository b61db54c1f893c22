using System.Collections.Concurrent;
using System.Data;
using System.Reflection;
using Dapper;

namespace Countersign.Server.Storage;

/// <summary>
/// How columns become records: by name (snake_case column, PascalCase property or constructor parameter), whatever number type the
/// database gives. Dapper alone takes its conversions from the first row, where an empty column has no type on SQLite.
/// </summary>
internal static class RowMapping
{
    private static readonly ConcurrentDictionary<Type, SqlMapper.ITypeMap> Maps = new();
    private static readonly Lazy<bool> Registered = new(RegisterOnce);

    public static void Register() => _ = Registered.Value;

    private static bool RegisterOnce()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.TypeMapProvider = type => Maps.GetOrAdd(type, t => new ByName(t));
        Add(v => Convert.ToInt64(v));
        Add(v => Convert.ToInt32(v));
        Add(v => Convert.ToInt64(v) != 0);
        Add(v => Convert.ToDouble(v));
        Add(v => (string)v);
        Add(v => (byte[])v);
        Add(v => new ReadOnlyMemory<byte>((byte[])v));
        Add(v => DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(v)));
        Add(v => TimeSpan.FromMilliseconds(Convert.ToInt64(v)));
        return true;
    }

    private static void Add<T>(Func<object, T> read)
    {
        SqlMapper.RemoveTypeMap(typeof(T));
        SqlMapper.AddTypeHandler(new Reading<T>(read));
    }

    private sealed class Reading<T>(Func<object, T> read) : SqlMapper.TypeHandler<T>
    {
        public override T? Parse(object value) => value is null or DBNull ? default : read(value);

        public override void SetValue(IDbDataParameter parameter, T? value) => parameter.Value = value is null ? DBNull.Value : value;
    }

    private sealed class ByName(Type type) : SqlMapper.ITypeMap
    {
        private readonly DefaultTypeMap _standard = new(type);

        public ConstructorInfo? FindConstructor(string[] names, Type[] types)
        {
            // The constructor whose parameters are exactly the columns, in any order and of any type; records with only properties use theirs.
            var columns = names.Select(Plain).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var constructors = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            var fit = constructors.FirstOrDefault(c => c.GetParameters() is { Length: > 0 } p && p.All(x => columns.Contains(x.Name!)) && p[0].ParameterType != type);
            var bare = constructors.FirstOrDefault(c => c.GetParameters().Length == 0);
            return fit ?? bare ?? throw new StatementFailedException($"No constructor of {type.Name} takes the columns {string.Join(", ", names)}.");
        }

        public ConstructorInfo? FindExplicitConstructor() => null;

        public SqlMapper.IMemberMap? GetConstructorParameter(ConstructorInfo constructor, string columnName) =>
            constructor.GetParameters().FirstOrDefault(p => p.Name!.Equals(Plain(columnName), StringComparison.OrdinalIgnoreCase)) is { } parameter
                ? new ParameterMap(columnName, parameter)
                : null;

        public SqlMapper.IMemberMap? GetMember(string columnName) => _standard.GetMember(columnName);

        private static string Plain(string column) => column.Replace("_", "", StringComparison.Ordinal);
    }

    private sealed class ParameterMap(string column, ParameterInfo parameter) : SqlMapper.IMemberMap
    {
        public string ColumnName => column;

        public Type MemberType => parameter.ParameterType;

        public PropertyInfo? Property => null;

        public FieldInfo? Field => null;

        public ParameterInfo? Parameter => parameter;
    }
}
