// Its presence tells the editors' plugins and svelte-check where the frontend is.
export default {}
