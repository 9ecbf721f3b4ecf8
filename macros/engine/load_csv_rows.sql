{#
    Loads a seed on DuckDB, as dbt-duckdb does but for its quotes: a folder may have an apostrophe in its name.

    Example: dbt calls it for each seed.
#}
{% macro duckdb__load_csv_rows(model, agate_table) -%}
    {%- set sql -%}
        copy {{ this.render() }} from '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}' (format csv, header true, delimiter ',')
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{ return(sql) }}
{%- endmacro %}
