console.log("stint");
