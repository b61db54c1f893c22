namespace Countersign.Server.Edge;

/// <summary>What an operation of the API is called and how it answers, said where it is mapped.</summary>
internal static class Operations
{
    /// <summary>Answers with a record of the Contracts.</summary>
    internal static RouteHandlerBuilder Operation<T>(this RouteHandlerBuilder builder, string name, int status = StatusCodes.Status200OK) =>
        builder.WithName(name).Produces<T>(status);

    /// <summary>Answers with nothing but its status.</summary>
    internal static RouteHandlerBuilder Operation(this RouteHandlerBuilder builder, string name) =>
        builder.WithName(name).Produces(StatusCodes.Status204NoContent);

    /// <summary>Answers with a file of one of these media types.</summary>
    internal static RouteHandlerBuilder FileOperation(this RouteHandlerBuilder builder, string name, string mediaType, params string[] others) =>
        builder.WithName(name).Produces<Stream>(StatusCodes.Status200OK, mediaType, others);
}
