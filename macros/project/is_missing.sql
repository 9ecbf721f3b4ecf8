{#
    Whether a row is of those that an incremental model which carries on (carries_on.sql) lacks: the rows of `stamps_of`,
    the relation that its meta names, whose stamp is nowhere in it. Told by the stamp itself, or by `columns` of `stamps_of`
    where the rows have none yet. The values are spelt out, since they reach the scan of a large table through the views
    above it, where a join would not; so a model asks once. True of every row where it is made anew.

    Example: where {{ '{{' }} is_missing(ref('int_canonical_web_event_batches')) {{ '}}' }}
#}
{% macro is_missing(stamps_of, columns=none) -%}
    {%- if not carries_on() -%}
        {{ return('true') }}
    {%- endif -%}
    {%- set stamp = config.get('meta').stamp -%}
    {%- set missing -%}
        select {{ (columns or [stamp]) | join(', ') }}
        from {{ stamps_of }}
        where {{ stamp }} not in (select distinct {{ stamp }} from {{ this }})
        order by all
    {%- endset -%}
    {%- set rows = run_query(missing) -%}
    {%- if not rows -%}
        {{ return('false') }}
    {%- endif -%}
    {%- set conditions = [] -%}
    {%- for column in rows.columns -%}
        {%- set literals = [] -%}
        {%- for value in column.values() -%}
            {%- do literals.append(dbt.string_literal(dbt.escape_single_quotes(value)) if value is string else value) -%}
        {%- endfor -%}
        {%- do conditions.append(column.name ~ ' in (' ~ literals | join(', ') ~ ')') -%}
    {%- endfor -%}
    {{ return(conditions | join(' and ')) }}
{%- endmacro %}
